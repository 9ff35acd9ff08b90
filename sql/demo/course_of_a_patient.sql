-- What happened to one patient, images included, day by day?
WITH chosen AS (
    SELECT person_id FROM linked.person_summary
    WHERE studies_in_a_visit > 1
    ORDER BY death_date IS NULL, last_visit_date - first_visit_date DESC, person_id
    LIMIT 1
),
course AS (
    SELECT e.person_id, e.start_date AS day, e.omop_table AS what, e.concept_name AS name,
           coalesce(e.value_as_number || coalesce(' ' || e.unit_name, ''), e.value_concept_name) AS value
    FROM linked.event e
    WHERE e.concept_id <> 0 AND e.omop_table <> 'observation'
      AND NOT (e.omop_table = 'procedure_occurrence'
               AND e.omop_id IN (SELECT procedure_occurrence_id FROM linked.imaging_timeline))
    UNION ALL
    SELECT person_id, study_date, 'imaging study', concat_ws(' ', modality, region), image_series_count || ' series'
    FROM linked.imaging_timeline
    UNION ALL
    SELECT person_id, death_date, 'death', 'Death', NULL FROM linked.person_summary WHERE death_date IS NOT NULL
)
SELECT day, what, name, value
FROM course SEMI JOIN chosen USING (person_id)
ORDER BY day, what = 'death', what, name
