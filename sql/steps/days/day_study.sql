-- The studies of affected cases that are dated by a calendar: of their series, and of records that give a date and no day.
-- when: matching
CREATE OR REPLACE TEMP TABLE day_study AS
WITH told AS (
    SELECT project_id, case_key, coalesce(study_uid, submitter_id) AS study_uid, coalesce(study_date, series_date) AS date,
           coalesce(modality, data_category) AS modality, study_description, body_part_examined
    FROM midrc.imaging_series
    WHERE study_day IS NULL AND imaging_studies IS NULL
    UNION ALL
    SELECT project_id, case_key, coalesce(study_uid, submitter_id), study_date, main_modality(study_modality), study_description,
           body_part_examined[1]
    FROM midrc.imaging_study
    WHERE mapping_id <> 0 AND days_to_study IS NULL
)
SELECT project_id, case_key, study_uid, min(date) AS date,
       arg_min(modality, modality_rank(modality)) AS modality,
       min(study_description) AS description, min(body_part_examined) AS body_part
FROM told
SEMI JOIN affected_case USING (project_id, case_key)
SEMI JOIN matching USING (project_id)
WHERE date IS NOT NULL
GROUP BY ALL
