-- A finding for every record with a row whose patient nobody knows, or that nothing dates.
INSERT INTO harmonize.finding
SELECT DISTINCT $submission, r.rule_id, i.file_id, i.line, NULL::INTEGER, d.value
FROM doubtful d
JOIN harmonize.rule r USING (rule)
JOIN incoming i USING (record_id)
WHERE d.rule IN ('no_person', 'no_date')
