-- Cells with an error finding of a submission, but for rules that a load does not ask:
-- the cell is quarantined, and the record where the cell is required.
-- params: submission, unasked
CREATE OR REPLACE TEMP TABLE bad_cell AS
SELECT DISTINCT f.file_id, f.line, c.name AS column_name, r.rule,
       r.scope = 'record' OR c.name IS NULL OR q.column_name IS NOT NULL AS whole_record
FROM harmonize.finding f
JOIN harmonize.rule r USING (rule_id)
LEFT JOIN harmonize.file_column c USING (file_id, column_id)
LEFT JOIN required_column q ON q.file_id = f.file_id AND q.column_name = c.name
WHERE f.submission_id = $submission AND NOT list_contains($unasked, r.rule)
  AND r.severity = 'error' AND f.line IS NOT NULL AND r.scope <> 'file'
