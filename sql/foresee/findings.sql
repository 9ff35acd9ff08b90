-- A finding for every record with a row whose patient nobody knows, or that nothing dates; $rules are those that are told.
INSERT INTO harmonize.finding
SELECT DISTINCT $submission, r.rule_id, i.file_id, i.line, NULL::INTEGER, d.value
FROM doubtful d
JOIN harmonize.rule r USING (rule)
JOIN incoming i USING (record_id)
ANTI JOIN withdrawn_record w ON w.record_id = d.record_id
WHERE list_contains($rules, d.rule)
