-- Whether the affected cases have what sex_conflict, age_conflict, merge_conflict, visit_conflict and no_date look at.
SELECT EXISTS (FROM person_best WHERE patient_sex IS NOT NULL),
       EXISTS (FROM person_best WHERE dicom_age IS NOT NULL),
       EXISTS (FROM person_known WHERE cases > 1),
       EXISTS (FROM midrc.visit SEMI JOIN affected_case USING (project_id, case_key)),
       EXISTS (FROM undated)
