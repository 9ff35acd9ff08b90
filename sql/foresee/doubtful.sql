-- Records that a finding doubts: their link to a patient leads nowhere ($links: the columns of such links), or a row of theirs
-- names no case. Both have their finding already.
INSERT INTO doubtful
SELECT i.record_id, CASE WHEN r.rule = 'orphan' THEN 'orphan' ELSE 'no_case_key' END, NULL
FROM harmonize.finding f
JOIN harmonize.rule r USING (rule_id)
JOIN incoming i ON i.file_id = f.file_id AND i.line = f.line
LEFT JOIN harmonize.file_column c ON c.file_id = f.file_id AND c.column_id = f.column_id
WHERE f.submission_id = $submission AND i.state IS NULL
  AND (r.rule = 'no_case_key' OR r.rule = 'orphan' AND list_contains($links, c.name))
