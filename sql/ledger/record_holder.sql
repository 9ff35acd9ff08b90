-- The submission holds the records that it repeats unchanged, as ranges: of consecutive ids on consecutive lines of a file.
INSERT INTO harmonize.record_holder
WITH held AS (
    SELECT i.file_id, r.record_id, i.line,
           r.record_id - row_number() OVER (PARTITION BY i.file_id, i.line - r.record_id ORDER BY r.record_id) AS island
    FROM incoming i
    JOIN harmonize.record r ON r.is_current AND r.key_hash = i.key_hash AND r.record_type = i.record_type
    WHERE i.state = 'unchanged'
)
SELECT $submission, file_id, min(record_id), max(record_id), min(line)
FROM held
GROUP BY file_id, island, line - record_id
