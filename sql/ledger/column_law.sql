-- Second law: of every column of a file, records = empty + loaded + context + excluded + quarantined.
SELECT f.name || ', column ' || c.column_name, f.records, c.empty + c.loaded + c.context + c.excluded + c.quarantined AS accounted
FROM harmonize.ledger_column c
JOIN harmonize.source_file f USING (file_id)
WHERE f.records <> c.empty + c.loaded + c.context + c.excluded + c.quarantined OR c.records <> f.records
ORDER BY c.file_id, c.column_name
LIMIT 1
