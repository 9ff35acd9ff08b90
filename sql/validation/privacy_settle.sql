-- Findings of one cell agree: an error of privacy silences the other rules, another error a warning of privacy; values of
-- such cells (phi_cell), and those that records' findings quote, are hidden. {submission} and {rules} (of privacy) are put in.
WITH told AS (
    SELECT f.rowid AS finding, r.severity, p.refused, r.rule IN ({rules}) AS is_private,
           bool_or(r.severity = 'error' AND r.rule NOT IN ({rules})) OVER (PARTITION BY f.file_id, f.line, f.column_id) AS has_other
    FROM harmonize.finding f
    JOIN harmonize.rule r USING (rule_id)
    JOIN phi_cell p USING (file_id, line, column_id)
    WHERE f.submission_id = {submission} AND r.scope = 'cell'
)
DELETE FROM harmonize.finding
WHERE rowid IN (SELECT finding FROM told
                WHERE CASE WHEN is_private THEN severity = 'warning' AND has_other AND NOT refused ELSE refused END);

UPDATE harmonize.finding SET value = '***'
WHERE rowid IN (SELECT f.rowid FROM harmonize.finding f
                JOIN harmonize.rule r USING (rule_id)
                JOIN phi_cell p ON p.file_id = f.file_id AND p.line = f.line
                               AND (p.column_id = f.column_id OR r.scope = 'record')
                WHERE f.submission_id = {submission} AND f.value IS NOT NULL AND f.value NOT LIKE '***%'
                  AND r.rule <> 'phi_note')
