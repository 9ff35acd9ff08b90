-- Findings of a submission: errors, warnings, and the cells that were quarantined.
SELECT count(*) FILTER (r.severity = 'error'), count(*) FILTER (r.severity = 'warning'),
       count(DISTINCT (f.file_id, f.line, f.column_id))
           FILTER (r.severity = 'error' AND f.line IS NOT NULL AND f.column_id IS NOT NULL)
FROM harmonize.finding f
JOIN harmonize.rule r USING (rule_id)
WHERE f.submission_id = $submission
