-- File and line of the current records in the table touched.
SELECT DISTINCT f.name AS file, r.line
FROM harmonize.record AS r
INNER JOIN harmonize.source_file AS f USING (file_id)
SEMI JOIN touched USING (record_id)
WHERE r.is_current
ORDER BY ALL
LIMIT $most
