-- Take back what studies of affected cases have from the engine and not from their record, since it is given anew: LOINC codes
-- of a table or the parser, days to COVID-19 tests.
-- when: imaging_series or imaging_study
-- after: imaging_study.series
UPDATE midrc.imaging_study SET
    loinc_code = CASE WHEN loinc_source IS NULL THEN loinc_code END,
    loinc_long_common_name = CASE WHEN loinc_source IS NULL THEN loinc_long_common_name END,
    loinc_method = CASE WHEN loinc_source IS NULL THEN loinc_method END,
    loinc_system = CASE WHEN loinc_source IS NULL THEN loinc_system END,
    loinc_contrast = CASE WHEN loinc_source IS NULL THEN loinc_contrast END,
    loinc_source = NULL, loinc_reason = NULL, loinc_confidence = NULL,
    days_from_study_to_pos_covid_test =
        CASE WHEN NOT coalesce(list_contains(computed, 'days_from_study_to_pos_covid_test'), false)
             THEN days_from_study_to_pos_covid_test END,
    days_from_study_to_neg_covid_test =
        CASE WHEN NOT coalesce(list_contains(computed, 'days_from_study_to_neg_covid_test'), false)
             THEN days_from_study_to_neg_covid_test END,
    computed = nullif(list_filter(computed, lambda name: name = 'study_uid'), [])
FROM affected_case a
WHERE imaging_study.project_id = a.project_id AND imaging_study.case_key = a.case_key
  AND (imaging_study.loinc_source IS NOT NULL OR imaging_study.computed IS NOT NULL)
