-- Annotations and the case of their study, as it is loaded now. Temp table annotation_link holds those whose case differs from
-- what is known: a study that came later, was corrected or went. Without its study an annotation has no case and waits.
CREATE OR REPLACE TEMP TABLE annotation_link AS
WITH told AS (
    SELECT project_id, study_uid, case_key, record_id FROM midrc.imaging_series WHERE case_key IS NOT NULL
    UNION ALL
    SELECT project_id, coalesce(study_uid, submitter_id), case_key, record_id FROM midrc.imaging_study WHERE mapping_id <> 0
),
study AS (
    SELECT project_id, study_uid, arg_min(case_key, record_id) AS case_key
    FROM told
    SEMI JOIN midrc.annotation USING (project_id, study_uid)
    GROUP BY project_id, study_uid
)
SELECT a.row_key, a.project_id, a.case_key AS former_case_key, t.case_key
FROM midrc.annotation a
LEFT JOIN study t USING (project_id, study_uid)
WHERE a.case_key IS DISTINCT FROM t.case_key;

UPDATE midrc.annotation SET case_key = l.case_key, cases = l.case_key
FROM annotation_link l
WHERE annotation.row_key = l.row_key
