-- The studies whose record says which procedure they are (codings), with the code that speaks, and the procedure of the same
-- person that another record told of: the only one of that code in the study's visit, else the only one on its day.
--   procedure_occurrence_id is NULL where there is none, or several, or several studies claim it.
CREATE OR REPLACE TEMP TABLE study_match AS
WITH coded AS (
    SELECT s.project_id, s.study_uid, s.person_id, s.study_date, min(i.record_id) AS record_id,
           arg_min(i.mapping_id, i.record_id) AS mapping_id, any_value(k.code) AS code,
           any_value(k.source_concept_id) AS source_concept_id, any_value(k.target_concept_id) AS concept_id,
           any_value(v.visit_occurrence_id) AS visit_occurrence_id
    FROM study_row s
    JOIN midrc.imaging_study i
      ON i.project_id = s.project_id AND i.case_key = s.case_key AND coalesce(i.study_uid, i.submitter_id) = s.study_uid
    JOIN coding_choice c ON c.node = 'imaging' AND c.codings = i.codings
    JOIN coding_target k ON k.coding = c.coding AND k.target_rank = 1
    LEFT JOIN visit_row v ON v.project_id = i.project_id AND v.case_key = i.case_key AND v.visit_key = i.visit_key
    WHERE i.mapping_id <> 0
    GROUP BY ALL
),
candidate AS (
    SELECT c.project_id, c.study_uid, c.person_id, p.procedure_occurrence_id,
           coalesce(p.visit_occurrence_id = c.visit_occurrence_id, false) AS same_visit,
           p.procedure_date = c.study_date AS same_day
    FROM coded c
    JOIN omop.procedure_occurrence p
      ON p.person_id = c.person_id
     AND CASE WHEN p.procedure_concept_id <> 0 THEN p.procedure_concept_id::VARCHAR ELSE 'code ' || p.procedure_source_value END
       = CASE WHEN c.concept_id <> 0 THEN c.concept_id::VARCHAR ELSE 'code ' || source_value(NULL, c.code) END
),
chosen AS (
    SELECT project_id, study_uid, person_id,
           coalesce(CASE WHEN count(*) FILTER (same_visit) = 1 THEN any_value(procedure_occurrence_id) FILTER (same_visit) END,
                    CASE WHEN count(*) FILTER (same_day) = 1 THEN any_value(procedure_occurrence_id) FILTER (same_day) END)
               AS procedure_occurrence_id
    FROM candidate
    GROUP BY ALL
)
SELECT c.* EXCLUDE (visit_occurrence_id, study_date),
       CASE WHEN count(*) OVER (PARTITION BY h.procedure_occurrence_id) = 1 THEN h.procedure_occurrence_id END
           AS procedure_occurrence_id
FROM coded c
LEFT JOIN chosen h USING (project_id, study_uid, person_id)
