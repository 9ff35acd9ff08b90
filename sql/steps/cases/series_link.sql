-- Series that name their study by its submitter_id, and what they have from it: case, StudyInstanceUID, day. Temp table
-- series_link holds those whose values differ from what the loaded studies say now: a study that came later, was corrected
-- or went. Without its study a series has no case and waits.
-- when: midrc.imaging_series
CREATE OR REPLACE TEMP TABLE series_link AS
WITH study AS (
    SELECT project_id, submitter_id, arg_min(case_key, record_id) AS case_key,
           arg_min(coalesce(study_uid, submitter_id), record_id) AS study_uid,
           arg_min(floor(days_to_study)::INTEGER, record_id) AS study_day
    FROM midrc.imaging_study
    WHERE mapping_id <> 0
    GROUP BY project_id, submitter_id
)
SELECT s.row_key, s.project_id, s.case_key AS former_case_key, t.case_key,
       coalesce(t.study_uid, s.imaging_studies) AS study_uid, t.study_day
FROM midrc.imaging_series s
LEFT JOIN study t ON t.project_id = s.project_id AND t.submitter_id = s.imaging_studies
WHERE s.imaging_studies IS NOT NULL
  AND (s.case_key IS DISTINCT FROM t.case_key OR s.study_day IS DISTINCT FROM t.study_day
       OR s.study_uid <> coalesce(t.study_uid, s.imaging_studies))
