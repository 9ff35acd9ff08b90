-- Give studies the days to COVID-19 tests (study_test_day) that their records do not state.
-- when: study_test_day
-- after: readers
UPDATE midrc.imaging_study SET
    days_from_study_to_pos_covid_test = coalesce(days_from_study_to_pos_covid_test, t.pos),
    days_from_study_to_neg_covid_test = coalesce(days_from_study_to_neg_covid_test, t.neg),
    computed = list_filter([
        CASE WHEN list_contains(computed, 'study_uid') THEN 'study_uid' END,
        CASE WHEN days_from_study_to_pos_covid_test IS NULL AND t.pos IS NOT NULL THEN 'days_from_study_to_pos_covid_test' END,
        CASE WHEN days_from_study_to_neg_covid_test IS NULL AND t.neg IS NOT NULL THEN 'days_from_study_to_neg_covid_test' END],
        lambda name: name IS NOT NULL)
FROM study_test_day t
JOIN affected_case a ON a.project_id = t.project_id AND a.person_id = t.person_id
WHERE imaging_study.project_id = a.project_id AND imaging_study.case_key = a.case_key
  AND coalesce(imaging_study.study_uid, imaging_study.submitter_id) = t.study_uid
  AND (days_from_study_to_pos_covid_test IS NULL AND t.pos IS NOT NULL OR days_from_study_to_neg_covid_test IS NULL AND t.neg IS NOT NULL)
