-- Findings of the records whose texts were masked after they had been loaded.
INSERT INTO harmonize.finding
SELECT DISTINCT r.submission_id, k.rule_id, r.file_id, r.line, NULL::INTEGER, NULL
FROM late_record l
JOIN harmonize.record r USING (record_id)
JOIN harmonize.rule k ON k.rule = 'phi_late'
WHERE NOT EXISTS (FROM harmonize.finding f WHERE f.rule_id = k.rule_id AND f.file_id = r.file_id AND f.line = r.line)
