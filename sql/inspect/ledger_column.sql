-- What became of the cells of each column: records = empty + loaded + context + excluded + quarantined.
SELECT c.submission_id, coalesce(f.name, 'all files') AS file, c.column_name AS "column", c.reason,
       c.records, c.empty, c.loaded, c.context, c.excluded, c.quarantined
FROM harmonize.ledger_column c
LEFT JOIN harmonize.source_file f USING (file_id)
WHERE $submission IS NULL OR c.submission_id = $submission
ORDER BY c.submission_id, c.file_id, c.rowid
