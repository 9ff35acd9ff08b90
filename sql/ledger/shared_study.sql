-- A study of several patients (study_patient) is told at the first record of each; what was told before is taken back.
DELETE FROM harmonize.finding
WHERE rowid IN (
    SELECT f.rowid
    FROM harmonize.finding f
    SEMI JOIN (FROM harmonize.rule WHERE rule = 'shared_study') USING (rule_id)
    JOIN harmonize.record c ON c.file_id = f.file_id AND c.line = f.line
    SEMI JOIN noted_record USING (record_id)
);

INSERT INTO harmonize.finding
SELECT c.submission_id, r.rule_id, c.file_id, c.line, NULL::INTEGER,
       s.study_uid || ' is a study of ' || count(*) OVER (PARTITION BY s.project_id, s.study_uid) || ' patients'
FROM study_patient s
JOIN harmonize.record c USING (record_id)
JOIN harmonize.rule r ON r.rule = 'shared_study'
