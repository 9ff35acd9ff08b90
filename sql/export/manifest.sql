-- The series of a cohort's studies, with where their files are and whether their project says that its UIDs are public.
-- $cohort is a JSON list of rows that name a study, else a case, else a person.
WITH cohort AS (
    SELECT DISTINCT row.project_id, row.study_uid, row.case_key, row.person_id
    FROM (
        SELECT unnest(from_json(
            $cohort, '[{"project_id": "VARCHAR", "study_uid": "VARCHAR", "case_key": "VARCHAR", "person_id": "BIGINT"}]'
        )) AS row
    )
),
study AS (
    SELECT l.project_id, l.person_id, l.study_uid
    FROM harmonize.image_link l
    JOIN cohort c ON c.study_uid = l.study_uid AND l.project_id = coalesce(c.project_id, l.project_id)
    UNION
    SELECT l.project_id, l.person_id, l.study_uid
    FROM harmonize.image_link l
    JOIN harmonize.person_case k ON k.person_id = l.person_id
    JOIN cohort c ON c.study_uid IS NULL AND c.case_key = k.case_key AND k.project_id = coalesce(c.project_id, k.project_id)
    UNION
    SELECT l.project_id, l.person_id, l.study_uid
    FROM harmonize.image_link l
    JOIN cohort c ON c.study_uid IS NULL AND c.case_key IS NULL AND c.person_id = l.person_id
     AND l.project_id = coalesce(c.project_id, l.project_id)
),
-- a published file has no names of files
series AS (
    SELECT * FROM midrc.imaging_series
    UNION ALL BY NAME
    SELECT NULL::VARCHAR AS file_name WHERE false
)
SELECT t.project_id, coalesce(p.uids = 'public', false) AS is_public, s.series_uid, s.uri, s.object_id, s.file_name, s.file_size, s.md5sum
FROM study t
JOIN series s ON s.project_id = t.project_id AND s.study_uid = t.study_uid
JOIN harmonize.person_case k ON k.project_id = s.project_id AND k.case_key = s.case_key AND k.person_id = t.person_id
LEFT JOIN harmonize.project p ON p.project_id = t.project_id
-- a series that several sources tell is told by the one that says where its files are
QUALIFY row_number() OVER (PARTITION BY t.project_id, s.series_uid
                           ORDER BY s.object_id IS NULL, s.uri IS NULL, s.md5sum IS NULL, s.submitter_id) = 1
ORDER BY t.project_id, s.series_uid
