-- The findings of a submission that stand against its release: errors, and whatever the rules of privacy say. Closed are those
-- of cells that an error has quarantined, those of records of which nothing was loaded, and those that somebody waived.
SELECT r.rule, r.severity, count(*) AS findings
FROM harmonize.finding f
JOIN harmonize.rule r ON r.rule_id = f.rule_id
WHERE f.submission_id = $submission
  AND (r.severity = 'error' OR list_contains($privacy, r.rule))
  AND r.rule NOT IN ({waived})
  AND NOT (r.severity = 'error' AND f.line IS NOT NULL AND f.column_id IS NOT NULL)
  AND (f.line IS NULL OR EXISTS (
      SELECT 1 FROM harmonize.record c
      WHERE c.file_id = f.file_id AND c.line = f.line AND c.state NOT IN ('quarantined', 'excluded', 'deleted')
  ))
GROUP BY r.rule, r.severity
ORDER BY r.rule
