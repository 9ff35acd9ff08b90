-- Give the studies of described_study the LOINC codes of study_code.
-- when: described_study
UPDATE midrc.imaging_study SET
    loinc_code = c.loinc_code, loinc_long_common_name = c.loinc_long_common_name, loinc_method = c.loinc_method,
    loinc_system = c.loinc_system, loinc_contrast = c.loinc_contrast, loinc_source = c.loinc_source,
    loinc_reason = c.reason, loinc_confidence = c.confidence
FROM described_study d, study_code c
WHERE imaging_study.row_key = d.row_key AND imaging_study.loinc_code IS NULL
  AND d.modality IS NOT DISTINCT FROM c.modality AND d.description IS NOT DISTINCT FROM c.description
