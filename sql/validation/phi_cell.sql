-- Cells of the submission in which a rule of privacy found something. {submission} and {rules} (of privacy) are put in.
CREATE OR REPLACE TEMP TABLE phi_cell AS
SELECT f.file_id, f.line, f.column_id, bool_or(r.severity = 'error') AS refused
FROM harmonize.finding f JOIN harmonize.rule r USING (rule_id)
WHERE f.submission_id = {submission} AND r.scope = 'cell' AND r.rule IN ({rules})
GROUP BY ALL
