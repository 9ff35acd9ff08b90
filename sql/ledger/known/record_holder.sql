-- The records that the submission holds, in ranges as ledger/record_holder.sql makes them.
INSERT INTO harmonize.record_holder
WITH held AS (
    SELECT file_id, record_id, line, record_id - row_number() OVER (PARTITION BY file_id, line - record_id ORDER BY record_id) AS island
    FROM held_record
)
SELECT $submission, n.file_id, min(record_id), max(record_id), min(line)
FROM held h
JOIN file_number n ON n.former_id = h.file_id
GROUP BY n.file_id, island, line - record_id
