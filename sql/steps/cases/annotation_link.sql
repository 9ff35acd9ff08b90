-- Annotations and what they have from the study or series that they name, as it is loaded now: case, StudyInstanceUID,
-- SeriesInstanceUID. Temp table annotation_link holds those that differ from what is known: a study that came later, was corrected
-- or went. Without its study an annotation has no case and waits.
-- when: midrc.annotation
CREATE OR REPLACE TEMP TABLE annotation_link AS
WITH named AS (
    SELECT row_key, project_id, case_key, study_uid, series_uid, imaging_studies,
           coalesce(cr_series_files, ct_series_files, dx_series_files, mg_series_files, mr_series_files,
                    nm_series_files, pt_series_files, rf_series_files, us_series_files, xa_series_files) AS series_key
    FROM midrc.annotation
),
by_name AS (
    SELECT project_id, submitter_id AS imaging_studies, arg_min(coalesce(study_uid, submitter_id), record_id) AS study_uid
    FROM midrc.imaging_study
    WHERE mapping_id <> 0
    GROUP BY ALL
),
series AS (
    SELECT s.project_id, s.submitter_id AS series_key,
           arg_min(s.study_uid, s.record_id) AS study_uid, arg_min(s.series_uid, s.record_id) AS series_uid
    FROM midrc.imaging_series s
    SEMI JOIN named n ON n.project_id = s.project_id AND n.series_key = s.submitter_id
    GROUP BY ALL
),
found AS (
    SELECT n.* RENAME (study_uid AS former_study, series_uid AS former_series, case_key AS former_case_key),
           coalesce(b.study_uid, s.study_uid, n.imaging_studies, n.series_key, n.study_uid) AS study_uid,
           CASE WHEN n.series_key IS NULL THEN n.series_uid ELSE s.series_uid END AS series_uid
    FROM named n
    LEFT JOIN by_name b USING (project_id, imaging_studies)
    LEFT JOIN series s USING (project_id, series_key)
),
told AS (
    SELECT project_id, study_uid, case_key, record_id FROM midrc.imaging_series WHERE case_key IS NOT NULL
    UNION ALL
    SELECT project_id, coalesce(study_uid, submitter_id), case_key, record_id FROM midrc.imaging_study WHERE mapping_id <> 0
),
study AS (
    SELECT project_id, study_uid, arg_min(case_key, record_id) AS case_key
    FROM told
    SEMI JOIN found USING (project_id, study_uid)
    GROUP BY project_id, study_uid
)
SELECT f.row_key, f.project_id, f.former_case_key, t.case_key, f.study_uid, f.series_uid
FROM found f
LEFT JOIN study t USING (project_id, study_uid)
WHERE f.former_case_key IS DISTINCT FROM t.case_key OR f.former_study <> f.study_uid OR f.former_series IS DISTINCT FROM f.series_uid
