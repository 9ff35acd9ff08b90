-- Clinical sex against PatientSex of the earliest study, noted at the later of the two records.
-- when: sex_conflict
-- after: finding.cleared
INSERT INTO harmonize.finding
SELECT c.submission_id, r.rule_id, c.file_id, c.line, NULL,
       'case ' || b.case_key || ': ' || coalesce(b.sex_source, b.gender_coding) || ', images ' || b.patient_sex
FROM person_best b
JOIN harmonize.record c ON c.record_id = greatest(b.record_id, b.image_record_id)
JOIN harmonize.rule r ON r.rule = 'sex_conflict'
WHERE b.is_clinical AND b.gender_coding IN ('Gender:M', 'Gender:F') AND right(b.gender_coding, 1) <> b.patient_sex
