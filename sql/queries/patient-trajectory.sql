-- title: What happened to one patient, images included, day by day?
-- asked_by: Clinicians and reviewers who read a single course.
-- parameter: project text; a person of this project
-- parameter: person integer; person_id; without it the person with the most studies, then the lowest person_id
-- parameter: imputed boolean = true; also events whose day was taken from something else
-- column: person_id; the person
-- column: day; days from the start of the first visit, else from the first event
-- column: what; table of the CDM, imaging study or death
-- column: name; name of the concept, else what the source wrote
-- column: value; value with its unit, the answer, or the number of series
-- needs: persons
-- note: Studies stand on the day of the clinical records. An observation that says that a thing is absent names it as value.
WITH chosen AS (
    SELECT p.person_id
    FROM linked.person_summary p
    SEMI JOIN harmonize.person_case c ON c.person_id = p.person_id AND c.project_id = coalesce($project, c.project_id)
    WHERE p.person_id = coalesce($person, p.person_id)
    ORDER BY p.studies DESC, p.person_id
    LIMIT 1
),
imputed AS (
    SELECT DISTINCT omop_table::VARCHAR AS omop_table, omop_id FROM harmonize.imputation WHERE NOT $imputed AND column_name NOT LIKE '%end%'
),
event AS (
    SELECT e.person_id, e.start_date AS day, e.omop_table AS what, coalesce(e.concept_name, e.source_value) AS name,
           coalesce(e.value_as_number || coalesce(' ' || e.unit_name, ''), e.value_concept_name, e.value_as_string) AS value
    FROM linked.event e
    ANTI JOIN imputed i ON i.omop_table = e.omop_table AND i.omop_id = e.omop_id
    WHERE NOT (e.omop_table = 'observation' AND e.source_value = 'age_precision')  -- how the age is known, no event
      AND NOT (e.omop_table = 'procedure_occurrence' AND e.omop_id IN (SELECT procedure_occurrence_id FROM linked.imaging_timeline))
    UNION ALL
    SELECT person_id, clinical_date, 'imaging study', concat_ws(' ', modality, region), image_series_count || ' series'
    FROM linked.imaging_timeline
),
start AS (
    SELECT person_id, coalesce(min(day) FILTER (what = 'visit_occurrence'), min(day)) AS first_day FROM event GROUP BY person_id
)
SELECT e.person_id, e.day - s.first_day AS day, e.what, e.name, e.value
FROM event e
JOIN start s ON s.person_id = e.person_id
SEMI JOIN chosen c ON c.person_id = e.person_id
ORDER BY day, e.what = 'death', e.what, e.name, e.value
