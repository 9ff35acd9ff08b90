-- The studies that are a procedure which another record told, and how that was found (procedure_tier):
--   accession: one procedure of the person has an accession number of the study (of several: one of its modality and regions).
--   exam_day: an exam that a record tells by day was found to be the study (exam_pair).
--   procedure_code: the study's record names a code (codings), and one procedure of the same person has it, in the study's visit
--     or else on its day; the code that speaks is kept for studies without such a procedure too.
--   procedure_day: none of these; one procedure of the same person not over a day away is of the study's modality and
--     of one of its regions (temp tables procedure_kind and study_kind).
--   ambiguous_procedure: several would do, or several studies claim one. procedure_occurrence_id is NULL, as where there is none.
-- when: study_row
-- before: annotation_row, row_source.panel, row_source.repeated_series
CREATE OR REPLACE TEMP TABLE study_match AS
WITH coded AS (
    SELECT s.project_id, s.study_uid, s.person_id, s.study_date, min(i.record_id) AS record_id,
           arg_min(i.mapping_id, i.record_id) AS mapping_id, any_value(k.code) AS code,
           any_value(k.source_concept_id) AS source_concept_id, any_value(k.target_concept_id) AS concept_id,
           any_value(v.visit_occurrence_id) AS visit_occurrence_id
    FROM study_row s
    JOIN affected_case a ON a.project_id = s.project_id AND a.person_id = s.person_id
    JOIN midrc.imaging_study i
      ON i.project_id = s.project_id AND i.case_key = a.case_key AND coalesce(i.study_uid, i.submitter_id) = s.study_uid
    JOIN coding_choice c ON c.node = 'imaging' AND c.codings = i.codings
    JOIN coding_target k ON k.coding = c.coding AND k.target_rank = 1
    LEFT JOIN visit_row v ON v.project_id = i.project_id AND v.case_key = i.case_key AND v.visit_key = i.visit_key
    WHERE i.mapping_id <> 0
    GROUP BY ALL
),
accession AS (
    SELECT DISTINCT s.project_id, s.study_uid, s.person_id, s.modality, s.study_description, s.region, t.accession_hash
    FROM (SELECT project_id, case_key, study_uid, accession_hash FROM midrc.imaging_series WHERE accession_hash IS NOT NULL
          UNION ALL
          SELECT project_id, case_key, coalesce(study_uid, submitter_id), accession_hash
          FROM midrc.imaging_study WHERE accession_hash IS NOT NULL) t
    JOIN affected_case a USING (project_id, case_key)
    JOIN study_row s ON s.project_id = t.project_id AND s.person_id = a.person_id AND s.study_uid = t.study_uid
),
same_accession AS (
    SELECT DISTINCT a.project_id, a.study_uid, a.person_id, p.procedure_occurrence_id, q.family IS NOT NULL AS same_kind
    FROM accession a
    JOIN midrc.procedure h ON h.project_id = a.project_id AND h.accession_hash = a.accession_hash
    JOIN harmonize.row_source r
      ON r.omop_table = 'procedure_occurrence' AND r.record_id = h.record_id AND r.mapping_id = h.mapping_id
    JOIN omop.procedure_occurrence p ON p.procedure_occurrence_id = r.omop_id AND p.person_id = a.person_id
    LEFT JOIN study_kind k ON k.modality IS NOT DISTINCT FROM a.modality AND k.description IS NOT DISTINCT FROM a.study_description
     AND k.body_part IS NOT DISTINCT FROM a.region
    LEFT JOIN procedure_kind q
      ON q.procedure_concept_id = p.procedure_concept_id AND q.procedure_source_value IS NOT DISTINCT FROM p.procedure_source_value
     AND q.family = k.family AND (list_has_any(q.regions, k.regions) OR q.regions = k.regions)
),
by_accession AS (
    SELECT project_id, study_uid, person_id, 'accession' AS procedure_tier,
           CASE WHEN count(*) = 1 THEN any_value(procedure_occurrence_id)
                WHEN count(*) FILTER (same_kind) = 1 THEN any_value(procedure_occurrence_id) FILTER (same_kind) END
                AS procedure_occurrence_id,
           count(*) > 1 AS is_ambiguous
    FROM same_accession
    GROUP BY ALL
),
by_exam AS (
    SELECT s.project_id, s.study_uid, s.person_id, 'exam_day' AS procedure_tier,
           CASE WHEN count(*) = 1 THEN any_value(p.procedure_occurrence_id) END AS procedure_occurrence_id, count(*) > 1 AS is_ambiguous
    FROM exam_pair x
    JOIN affected_case a ON a.project_id = x.project_id AND a.case_key = x.case_key
    JOIN study_row s ON s.project_id = x.project_id AND s.person_id = a.person_id AND s.study_uid = x.study_uid
    JOIN harmonize.row_id i ON i.omop_table = 'procedure_occurrence' AND i.row_key = x.row_key
    JOIN omop.procedure_occurrence p ON p.procedure_occurrence_id = i.omop_id AND p.person_id = a.person_id
    ANTI JOIN by_accession b ON b.project_id = s.project_id AND b.study_uid = s.study_uid AND b.person_id = s.person_id
    WHERE x.node = 'procedure'
    GROUP BY ALL
),
same_code AS (
    SELECT c.project_id, c.study_uid, c.person_id, p.procedure_occurrence_id,
           coalesce(p.visit_occurrence_id = c.visit_occurrence_id, false) AS same_visit,
           p.procedure_date = c.study_date AS same_day
    FROM coded c
    JOIN omop.procedure_occurrence p
      ON p.person_id = c.person_id
     AND CASE WHEN p.procedure_concept_id <> 0 THEN p.procedure_concept_id::VARCHAR ELSE 'code ' || p.procedure_source_value END
       = CASE WHEN c.concept_id <> 0 THEN c.concept_id::VARCHAR ELSE 'code ' || source_value(NULL, c.code) END
),
by_code AS (
    SELECT project_id, study_uid, person_id, 'procedure_code' AS procedure_tier,
           coalesce(CASE WHEN count(*) FILTER (same_visit) = 1 THEN any_value(procedure_occurrence_id) FILTER (same_visit) END,
                    CASE WHEN count(*) FILTER (same_day) = 1 THEN any_value(procedure_occurrence_id) FILTER (same_day) END)
               AS procedure_occurrence_id,
           count(*) FILTER (same_visit OR same_day) > 1 AS is_ambiguous
    FROM same_code
    ANTI JOIN (FROM by_accession UNION ALL BY NAME FROM by_exam) USING (project_id, study_uid, person_id)
    GROUP BY ALL
    HAVING count(*) FILTER (same_visit OR same_day) > 0
),
by_day AS (
    SELECT s.project_id, s.study_uid, s.person_id, 'procedure_day' AS procedure_tier,
           CASE WHEN count(*) = 1 THEN any_value(p.procedure_occurrence_id) END AS procedure_occurrence_id, count(*) > 1 AS is_ambiguous
    FROM study_row s
    JOIN study_kind k ON k.modality IS NOT DISTINCT FROM s.modality AND k.description IS NOT DISTINCT FROM s.study_description
     AND k.body_part IS NOT DISTINCT FROM s.region
    JOIN omop.procedure_occurrence p
      ON p.person_id = s.person_id
     AND p.procedure_date BETWEEN s.study_date + s.imaging_date_offset_days - 1 AND s.study_date + s.imaging_date_offset_days + 1
    JOIN procedure_kind q
      ON q.procedure_concept_id = p.procedure_concept_id AND q.procedure_source_value IS NOT DISTINCT FROM p.procedure_source_value
     AND q.family = k.family AND (list_has_any(q.regions, k.regions) OR q.regions = k.regions)
    ANTI JOIN (FROM by_accession UNION ALL BY NAME FROM by_exam UNION ALL BY NAME FROM by_code) b
      ON b.project_id = s.project_id AND b.study_uid = s.study_uid AND b.person_id = s.person_id
    GROUP BY ALL
),
found AS (
    SELECT *, count(*) OVER (PARTITION BY procedure_occurrence_id) AS claims
    FROM (FROM by_accession UNION ALL BY NAME FROM by_exam UNION ALL BY NAME FROM by_code UNION ALL BY NAME FROM by_day)
)
SELECT s.project_id, s.study_uid, s.person_id, coalesce(c.record_id, s.record_id) AS record_id,
       coalesce(c.mapping_id, s.mapping_id) AS mapping_id, c.code, c.source_concept_id, c.concept_id,
       CASE WHEN f.claims = 1 THEN f.procedure_occurrence_id END AS procedure_occurrence_id,
       CASE WHEN f.procedure_occurrence_id IS NOT NULL AND f.claims = 1 THEN f.procedure_tier
            WHEN f.procedure_occurrence_id IS NOT NULL OR f.is_ambiguous THEN 'ambiguous_procedure' END AS procedure_tier
FROM study_row s
LEFT JOIN coded c ON c.project_id = s.project_id AND c.study_uid = s.study_uid AND c.person_id = s.person_id
LEFT JOIN found f ON f.project_id = s.project_id AND f.study_uid = s.study_uid AND f.person_id = s.person_id
WHERE c.project_id IS NOT NULL OR f.project_id IS NOT NULL
