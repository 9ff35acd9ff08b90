-- Series that several sources, or several cases of one person, tell: row_key is the one that makes the image_occurrence, as the
-- study's case has it, first as a source has it that says where the files are; the others support it.
-- when: study_row
CREATE OR REPLACE TEMP TABLE repeated_series AS
WITH often AS MATERIALIZED (
    -- by hash, which takes a fraction of the memory of UIDs; two UIDs of one hash part again below
    SELECT hash(series_uid) AS uid_hash FROM midrc.imaging_series GROUP BY ALL HAVING count(*) > 1
),
told AS MATERIALIZED (
    SELECT project_id, case_key, study_uid, series_uid, row_key, record_id, mapping_id, uri, manufacturer
    FROM midrc.imaging_series s
    SEMI JOIN often o ON o.uid_hash = hash(s.series_uid)
)
SELECT s.project_id, a.person_id, s.study_uid, s.series_uid,
       arg_min(s.row_key, (s.case_key <> r.case_key, s.uri IS NULL, s.manufacturer IS NULL, s.row_key)) AS row_key,
       list({'row_key': s.row_key, 'record_id': s.record_id, 'mapping_id': s.mapping_id}) AS told
FROM told s
JOIN affected_case a USING (project_id, case_key)
JOIN study_row r ON r.project_id = s.project_id AND r.person_id = a.person_id AND r.study_uid = s.study_uid
GROUP BY ALL
HAVING count(*) > 1
