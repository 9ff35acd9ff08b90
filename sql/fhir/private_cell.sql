-- The resources of this submission in which an element tells who somebody is, with these elements: they are not loaded.
CREATE OR REPLACE TEMP TABLE fhir_private AS
SELECT r.rowid AS resource, list(DISTINCT c.name) AS elements
FROM harmonize.finding f
JOIN harmonize.rule k USING (rule_id)
JOIN harmonize.file_column c USING (file_id, column_id)
JOIN fhir_resource r ON r.file_id = f.file_id AND fhir_place(r.line, r.position) = f.line
WHERE f.submission_id = ? AND k.severity = 'error' AND k.rule LIKE 'phi\_%' ESCAPE '\' AND r.json IS NOT NULL
GROUP BY r.rowid
ORDER BY r.rowid
