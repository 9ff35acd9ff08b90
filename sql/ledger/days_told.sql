-- Files with records that are told in days, in a project whose dates stay dates, or by dates, in one that counts days.
INSERT INTO harmonize.finding
SELECT $submission, r.rule_id, i.file_id, NULL::BIGINT, NULL::INTEGER, $project
FROM (SELECT DISTINCT file_id FROM incoming SEMI JOIN ({rows}) USING (record_id)) AS i
INNER JOIN harmonize.rule AS r ON r.rule = $rule
