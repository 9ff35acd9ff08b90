-- The annotations of affected persons: day, visit and procedure of their study, and the image that they stand on: that of
-- their series, else the lowest-numbered one of the study that holds pixels.
-- when: annotation
CREATE OR REPLACE TEMP TABLE annotation_row AS
WITH image AS (
    SELECT s.project_id, s.case_key, s.study_uid, s.series_uid, o.image_occurrence_id, o.anatomic_site_concept_id,
           (NOT coalesce(s.is_image, false), coalesce(s.series_number, 2147483647), s.series_uid) AS place
    FROM midrc.imaging_series s
    JOIN affected_case a USING (project_id, case_key)
    JOIN omop.image_occurrence o ON o.image_series_uid = s.series_uid AND o.person_id = a.person_id
),
study_image AS (
    SELECT project_id, case_key, study_uid, arg_min(image_occurrence_id, place) AS image_occurrence_id,
           arg_min(coalesce(anatomic_site_concept_id, 0), place) AS anatomic_site_concept_id
    FROM image GROUP BY project_id, case_key, study_uid
),
series_image AS (
    SELECT project_id, case_key, series_uid, min(image_occurrence_id) AS image_occurrence_id,
           arg_min(anatomic_site_concept_id, image_occurrence_id) AS anatomic_site_concept_id
    FROM image GROUP BY project_id, case_key, series_uid
)
SELECT n.*, r.person_id, r.study_date, l.procedure_occurrence_id, l.visit_occurrence_id, p.provider_id,
       CASE WHEN n.series_uid IS NULL THEN st.image_occurrence_id ELSE se.image_occurrence_id END AS image_occurrence_id,
       nullif(CASE WHEN n.series_uid IS NULL THEN st.anatomic_site_concept_id ELSE se.anatomic_site_concept_id END, 0)
           AS anatomic_site_concept_id,
       coalesce(c.target_concept_id, 0) AS concept_id, coalesce(c.source_concept_id, 0) AS source_concept_id,
       CASE WHEN n.value_coding IS NOT NULL THEN coalesce(v.target_concept_id, 0) END AS value_concept_id,
       coalesce(nullif(h.target_concept_id, 0), t.type_concept_id, 0) AS type_concept_id
FROM midrc.annotation n
JOIN affected_case a USING (project_id, case_key)
JOIN study_row r ON r.project_id = n.project_id AND r.person_id = a.person_id AND r.study_uid = n.study_uid
JOIN harmonize.image_link l ON l.project_id = n.project_id AND l.person_id = a.person_id AND l.study_uid = n.study_uid
LEFT JOIN study_image st ON st.project_id = n.project_id AND st.case_key = n.case_key AND st.study_uid = n.study_uid
LEFT JOIN series_image se ON se.project_id = n.project_id AND se.case_key = n.case_key AND se.series_uid = n.series_uid
LEFT JOIN provider_row p ON p.project_id = n.project_id AND p.provider_key = n.reader_key
LEFT JOIN coding_target c ON c.coding = n.coding AND c.target_rank = 1
LEFT JOIN coding_target v ON v.coding = n.value_coding AND v.target_rank = 1
LEFT JOIN coding_target h ON h.coding = n.type_hint AND h.target_rank = 1
LEFT JOIN source_type t ON t.mapping_id = n.mapping_id
