-- Cases of a project that are one person by accession number: one has images only, the other a clinical record with a procedure or
-- study of that number not over a day away. Numbers are an institution's own and a project may hold several: one under several
-- patients of either side says nothing, nor do images that lead to two clinical cases. StudyInstanceUIDs (study_pair) speak first.
-- when: accession
INSERT INTO study_pair
WITH image AS (
    SELECT project_id, case_key, accession_hash, coalesce(study_date, series_date) AS date, study_day AS day
    FROM midrc.imaging_series WHERE accession_hash IS NOT NULL AND case_key IS NOT NULL
    UNION ALL
    SELECT project_id, case_key, accession_hash, study_date, floor(days_to_study)::INTEGER
    FROM midrc.imaging_study WHERE accession_hash IS NOT NULL AND mapping_id <> 0
),
told AS (
    FROM image
    UNION ALL
    SELECT project_id, case_key, accession_hash, coalesce(start_date, start_datetime::DATE), start_day
    FROM midrc.procedure WHERE accession_hash IS NOT NULL
),
clinical AS (
    SELECT DISTINCT project_id, case_key FROM midrc."case" WHERE mapping_id <> 0
),
pair AS (
    SELECT i.project_id, i.accession_hash, min(i.case_key) AS image_case, min(t.case_key) AS clinical_case
    FROM (FROM image ANTI JOIN clinical USING (project_id, case_key)) i
    JOIN (FROM told SEMI JOIN clinical USING (project_id, case_key)) t
      ON t.project_id = i.project_id AND t.accession_hash = i.accession_hash
     AND (abs(t.date - i.date) <= 1 OR abs(t.day - i.day) <= 1)
    GROUP BY i.project_id, i.accession_hash
    HAVING min(i.case_key) = max(i.case_key) AND min(t.case_key) = max(t.case_key)
)
SELECT project_id, image_case, min(clinical_case), 'accession'
FROM pair
ANTI JOIN study_pair USING (project_id, image_case)
GROUP BY project_id, image_case
HAVING min(clinical_case) = max(clinical_case)
