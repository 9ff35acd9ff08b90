-- What the affected cases have that a finding of derivation may be about; shared_study also where one was told before.
-- tells: sex_conflict, age_conflict, merge_conflict, visit_conflict, no_date, test_days_conflict, death_before_event, shared_study
SELECT unnest(list_filter([
    CASE WHEN EXISTS (FROM person_best WHERE patient_sex IS NOT NULL) THEN 'sex_conflict' END,
    CASE WHEN EXISTS (FROM person_best WHERE dicom_age IS NOT NULL) THEN 'age_conflict' END,
    CASE WHEN EXISTS (FROM person_known WHERE cases > 1) THEN 'merge_conflict' END,
    CASE WHEN EXISTS (FROM midrc.visit SEMI JOIN affected_case USING (project_id, case_key)) THEN 'visit_conflict' END,
    CASE WHEN EXISTS (FROM undated) THEN 'no_date' END,
    CASE WHEN EXISTS (FROM study_test_day) THEN 'test_days_conflict' END,
    CASE WHEN EXISTS (FROM death_row WHERE death_date IS NOT NULL) THEN 'death_before_event' END,
    CASE WHEN EXISTS (FROM study_of_case)
              OR EXISTS (FROM harmonize.finding SEMI JOIN (FROM harmonize.rule WHERE rule = 'shared_study') USING (rule_id))
         THEN 'shared_study' END], lambda rule: rule IS NOT NULL))
