-- StudyInstanceUIDs of the affected persons and those of noted_record that stand under several patients of
-- the project: the first record of each patient. Found by hash, which takes a fraction of the memory of UIDs.
-- when: shared_study
CREATE OR REPLACE TEMP TABLE study_patient AS
WITH told AS (
    SELECT record_id, project_id, case_key, study_uid FROM midrc.imaging_series WHERE case_key IS NOT NULL
    UNION ALL
    SELECT record_id, project_id, case_key, coalesce(study_uid, submitter_id) FROM midrc.imaging_study WHERE mapping_id <> 0
),
asked AS (
    SELECT DISTINCT hash(project_id, study_uid) AS uid_hash
    FROM (SELECT project_id, study_uid FROM study_of_case
          UNION ALL SELECT project_id, study_uid FROM told SEMI JOIN noted_record USING (record_id))
),
often AS MATERIALIZED (
    SELECT hash(t.project_id, t.study_uid) AS uid_hash
    FROM told t
    SEMI JOIN asked a ON a.uid_hash = hash(t.project_id, t.study_uid)
    GROUP BY ALL
    HAVING min(hash(t.case_key)) <> max(hash(t.case_key))
)
SELECT t.project_id, t.study_uid, min(t.record_id) AS record_id
FROM told t
SEMI JOIN often o ON o.uid_hash = hash(t.project_id, t.study_uid)
LEFT JOIN harmonize.person_case p ON p.project_id = t.project_id AND p.case_key = t.case_key
GROUP BY t.project_id, t.study_uid, coalesce(p.person_id::VARCHAR, t.case_key)
QUALIFY count(*) OVER (PARTITION BY t.project_id, t.study_uid) > 1
