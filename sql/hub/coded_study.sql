-- Give studies of affected cases the LOINC codes of temp table study_code, unless a source states one.
UPDATE midrc.imaging_study SET
    loinc_code = c.loinc_code, loinc_long_common_name = c.loinc_long_common_name, loinc_method = c.loinc_method,
    loinc_system = c.loinc_system, loinc_contrast = c.loinc_contrast, loinc_source = c.loinc_source,
    loinc_reason = c.reason, loinc_confidence = c.confidence
FROM study_code c, affected_case a
WHERE imaging_study.project_id = a.project_id AND imaging_study.case_key = a.case_key
  AND imaging_study.loinc_code IS NULL
  AND array_to_string(imaging_study.study_modality, ',') IS NOT DISTINCT FROM c.modality
  AND imaging_study.study_description IS NOT DISTINCT FROM c.description
