-- Studies without what the engine filled in: LOINC codes of a table or the parser, days to COVID-19 tests, the UID.
SELECT 'imaging_study' AS node, * REPLACE (
           CASE WHEN loinc_source IS NULL THEN loinc_code END AS loinc_code,
           CASE WHEN loinc_source IS NULL THEN loinc_long_common_name END AS loinc_long_common_name,
           CASE WHEN loinc_source IS NULL THEN loinc_method END AS loinc_method,
           CASE WHEN loinc_source IS NULL THEN loinc_system END AS loinc_system,
           CASE WHEN loinc_source IS NULL THEN loinc_contrast END AS loinc_contrast,
           CASE WHEN NOT coalesce(list_contains(computed, 'study_uid'), false) THEN study_uid END AS study_uid,
           CASE WHEN NOT coalesce(list_contains(computed, 'days_from_study_to_pos_covid_test'), false)
                THEN days_from_study_to_pos_covid_test END AS days_from_study_to_pos_covid_test,
           CASE WHEN NOT coalesce(list_contains(computed, 'days_from_study_to_neg_covid_test'), false)
                THEN days_from_study_to_neg_covid_test END AS days_from_study_to_neg_covid_test)
FROM midrc.imaging_study
