-- Modalities and descriptions of the affected cases' studies for which no source states a LOINC code.
SELECT DISTINCT array_to_string(study_modality, ','), study_description
FROM midrc.imaging_study SEMI JOIN affected_case USING (project_id, case_key)
WHERE loinc_code IS NULL
