-- Second law: of every column of a file, records = empty + loaded + context + excluded + quarantined. Of FHIR the columns are
--   elements, counted over all files: an element has as many records as its resource type, all types together as many as the
--   files.
WITH of_file AS (
    SELECT f.name || ', column ' || c.column_name AS what, f.records,
           c.empty + c.loaded + c.context + c.excluded + c.quarantined AS accounted, c.records AS told
    FROM harmonize.ledger_column c JOIN harmonize.source_file f USING (file_id)
),
element AS (
    SELECT c.submission_id, c.column_name, t.records, c.empty + c.loaded + c.context + c.excluded + c.quarantined AS accounted,
           c.records AS told, least(c.empty, c.loaded, c.context, c.excluded, c.quarantined) AS lowest
    FROM harmonize.ledger_column c
    JOIN harmonize.ledger_column t ON t.submission_id = c.submission_id AND t.file_id IS NULL
                                  AND t.column_name = split_part(c.column_name, '.', 1)
    WHERE c.file_id IS NULL
),
type_sum AS (
    SELECT submission_id, sum(records) AS records FROM harmonize.ledger_column
    WHERE file_id IS NULL AND NOT contains(column_name, '.') GROUP BY ALL
)
SELECT what, records, accounted FROM of_file WHERE records <> accounted OR told <> records
UNION ALL
SELECT 'element ' || column_name, records, accounted FROM element WHERE records <> accounted OR told <> records OR lowest < 0
UNION ALL
SELECT 'submission ' || t.submission_id, f.records, t.records
FROM type_sum t
JOIN (SELECT submission_id, sum(records) AS records FROM harmonize.source_file GROUP BY ALL) f USING (submission_id)
WHERE f.records <> t.records
ORDER BY ALL
LIMIT 1
