-- A study of several patients (study_patient) is told at the first record of each.
-- when: study_patient
-- after: finding.noted
INSERT INTO harmonize.finding
SELECT c.submission_id, r.rule_id, c.file_id, c.line, NULL::INTEGER,
       s.study_uid || ' is a study of ' || count(*) OVER (PARTITION BY s.project_id, s.study_uid) || ' patients'
FROM study_patient s
JOIN harmonize.record c USING (record_id)
JOIN harmonize.rule r ON r.rule = 'shared_study'
