-- The findings of a submission that stand against its release: errors, and whatever the rules of privacy say. Closed are those
-- of cells that an error has quarantined, those of lines of which nothing was loaded, and those that somebody waived. Of a line
-- that repeats a known record the finding stays open: nothing says that it was closed where that came from.
SELECT r.rule, r.severity, count(*) AS findings
FROM harmonize.finding f
JOIN harmonize.rule r ON r.rule_id = f.rule_id
LEFT JOIN (
    SELECT file_id, line, bool_and(state IN ('quarantined', 'excluded', 'deleted')) AS is_left_out
    FROM harmonize.record
    WHERE submission_id = $submission AND line IS NOT NULL
    GROUP BY file_id, line
) c ON c.file_id = f.file_id AND c.line = f.line
WHERE f.submission_id = $submission
  AND (r.severity = 'error' OR list_contains($privacy, r.rule))
  AND r.rule NOT IN ({waived})
  AND NOT (r.severity = 'error' AND f.line IS NOT NULL AND f.column_id IS NOT NULL)
  AND NOT coalesce(c.is_left_out, false)
GROUP BY r.rule, r.severity
ORDER BY r.rule
