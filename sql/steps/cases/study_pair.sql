-- Cases of a project that are one person by StudyInstanceUID: one has images only, the other a clinical record that names the
-- same study. A study of more than two cases, and images that lead to two clinical cases, say nothing.
-- when: pair
CREATE OR REPLACE TEMP TABLE study_pair AS
WITH origin AS (
    SELECT DISTINCT project_id, mapping_id FROM midrc.imaging_series
    UNION
    SELECT DISTINCT project_id, mapping_id FROM midrc.imaging_study WHERE mapping_id <> 0
),
-- where all images come one way, all have that way's key of the patient
mixed AS (
    SELECT project_id FROM origin GROUP BY project_id HAVING count(*) > 1
),
told AS (
    SELECT project_id, case_key, study_uid FROM midrc.imaging_series SEMI JOIN mixed USING (project_id) WHERE case_key IS NOT NULL
    UNION
    SELECT project_id, case_key, coalesce(study_uid, submitter_id) FROM midrc.imaging_study SEMI JOIN mixed USING (project_id)
    WHERE mapping_id <> 0
),
two AS (
    SELECT project_id, study_uid,
           max(t.case_key) FILTER (k.case_key IS NULL) AS image_case, max(t.case_key) FILTER (k.case_key IS NOT NULL) AS clinical_case
    FROM told t
    LEFT JOIN (SELECT DISTINCT project_id, case_key FROM midrc."case" WHERE mapping_id <> 0) k USING (project_id, case_key)
    GROUP BY ALL
    HAVING count(*) = 2 AND image_case IS NOT NULL AND clinical_case IS NOT NULL
)
SELECT project_id, image_case, any_value(clinical_case) AS clinical_case, 'study_uid' AS basis
FROM two
GROUP BY project_id, image_case
HAVING count(DISTINCT clinical_case) = 1
