-- Records at which a study of several patients was told before.
-- when: shared_study
CREATE OR REPLACE TEMP TABLE noted_record AS
SELECT DISTINCT c.record_id
FROM harmonize.finding f
JOIN harmonize.rule r ON r.rule_id = f.rule_id AND r.rule = 'shared_study'
JOIN harmonize.record c ON c.file_id = f.file_id AND c.line = f.line
WHERE c.is_current
