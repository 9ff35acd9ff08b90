-- Whether the affected cases have what sex_conflict, age_conflict, merge_conflict, visit_conflict, no_date,
-- test_days_conflict and study_patient look at; the last one has to take back what it told before, too.
SELECT EXISTS (FROM person_best WHERE patient_sex IS NOT NULL),
       EXISTS (FROM person_best WHERE dicom_age IS NOT NULL),
       EXISTS (FROM person_known WHERE cases > 1),
       EXISTS (FROM midrc.visit SEMI JOIN affected_case USING (project_id, case_key)),
       EXISTS (FROM undated),
       EXISTS (FROM study_test_day),
       EXISTS (FROM study_of_case)
           OR EXISTS (FROM harmonize.finding SEMI JOIN (FROM harmonize.rule WHERE rule = 'shared_study') USING (rule_id))
