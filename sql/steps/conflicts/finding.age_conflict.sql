-- Clinical age or age band against PatientAge of the earliest study, a year either way allowed for an exact age.
-- when: age_conflict
-- after: finding.cleared
INSERT INTO harmonize.finding
SELECT c.submission_id, r.rule_id, c.file_id, c.line, NULL,
       'case ' || b.case_key || ': '
       || coalesce(b.age_text, CASE WHEN b.age_low IS NOT NULL THEN b.age_low || '-' || b.age_high END, floor(b.age)::INTEGER::VARCHAR)
       || ', images ' || CASE WHEN b.dicom_age > 89 THEN '90+' ELSE b.dicom_age::VARCHAR END
FROM person_best b
JOIN harmonize.record c ON c.record_id = greatest(b.record_id, b.image_record_id)
JOIN harmonize.rule r ON r.rule = 'age_conflict'
WHERE b.is_clinical
  AND CASE WHEN b.age_low IS NOT NULL THEN b.dicom_age NOT BETWEEN b.age_low AND b.age_high
           WHEN b.age IS NOT NULL THEN abs(b.dicom_age - floor(b.age)) > 1 END
