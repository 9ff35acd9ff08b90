-- Modalities and descriptions of the affected cases' studies of which no source says anything of LOINC, so that nothing that it
-- says is replaced; what the record of a study does not say is that of its series.
-- when: imaging_series or imaging_study
CREATE OR REPLACE TEMP TABLE described_study AS
WITH named AS (
    SELECT project_id, case_key, study_uid, row_key, array_to_string(study_modality, ',') AS modality, study_description AS description
    FROM midrc.imaging_study SEMI JOIN affected_case USING (project_id, case_key)
    WHERE coalesce(loinc_code, loinc_long_common_name, loinc_method, loinc_system, loinc_contrast) IS NULL
),
series AS (
    SELECT s.project_id, s.case_key, s.study_uid, string_agg(DISTINCT s.modality, ',' ORDER BY s.modality) AS modality,
           max(s.study_description) AS description
    FROM midrc.imaging_series s
    SEMI JOIN (FROM named WHERE modality IS NULL OR description IS NULL) n
      ON n.project_id = s.project_id AND n.case_key = s.case_key AND n.study_uid = s.study_uid
    GROUP BY ALL
)
SELECT n.project_id, n.case_key, n.row_key, coalesce(n.modality, s.modality) AS modality,
       coalesce(n.description, s.description) AS description
FROM named n
LEFT JOIN series s ON s.project_id = n.project_id AND s.case_key = n.case_key AND s.study_uid = n.study_uid
