-- Findings of one cell agree: an error of privacy silences the other rules, another error a warning of privacy; values of
-- such cells, and those that records' findings quote, are hidden. {submission} and {rules} (of privacy) are put in.
CREATE OR REPLACE TEMP TABLE phi_cell AS
SELECT f.file_id, f.line, f.column_id, bool_or(r.severity = 'error') AS refused
FROM harmonize.finding f JOIN harmonize.rule r USING (rule_id)
WHERE f.submission_id = {submission} AND r.scope = 'cell' AND r.rule IN ({rules})
GROUP BY ALL;

DELETE FROM harmonize.finding f USING phi_cell p, harmonize.rule r
WHERE f.submission_id = {submission} AND r.rule_id = f.rule_id AND r.scope = 'cell' AND r.rule NOT IN ({rules})
  AND p.file_id = f.file_id AND p.line = f.line AND p.column_id = f.column_id AND p.refused;

DELETE FROM harmonize.finding f USING harmonize.rule r, harmonize.finding o, harmonize.rule s
WHERE f.submission_id = {submission} AND r.rule_id = f.rule_id AND r.rule IN ({rules}) AND r.scope = 'cell'
  AND r.severity = 'warning'
  AND o.file_id = f.file_id AND o.line = f.line AND o.column_id = f.column_id AND s.rule_id = o.rule_id
  AND s.scope = 'cell' AND s.severity = 'error' AND s.rule NOT IN ({rules});

UPDATE harmonize.finding f SET value = '***'
FROM phi_cell p, harmonize.rule r
WHERE f.submission_id = {submission} AND r.rule_id = f.rule_id AND p.file_id = f.file_id AND p.line = f.line
  AND (p.column_id = f.column_id OR r.scope = 'record') AND f.value IS NOT NULL AND f.value NOT LIKE '***%';
