-- Records that no case can be told of are left out.
SELECT i.record_id, 0 AS mapping_id, 'no_case_key' AS reason
FROM incoming i
JOIN harmonize.finding f USING (file_id, line)
JOIN harmonize.rule r USING (rule_id)
WHERE r.rule = 'no_case_key' AND f.submission_id = (SELECT max(submission_id) FROM harmonize.submission)
