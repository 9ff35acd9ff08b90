-- Take back the LOINC codes that a table or the parser gave to studies of affected cases: they are given anew.
UPDATE midrc.imaging_study SET
    loinc_code = NULL, loinc_long_common_name = NULL, loinc_method = NULL, loinc_system = NULL, loinc_contrast = NULL,
    loinc_source = NULL, loinc_reason = NULL, loinc_confidence = NULL
FROM affected_case a
WHERE imaging_study.project_id = a.project_id AND imaging_study.case_key = a.case_key
  AND imaging_study.loinc_source IS NOT NULL
