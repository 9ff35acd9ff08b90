-- Every event and every study of a patient, by day; images stand on their day among the clinical records.
SELECT start_date AS day, end_date AS until, omop_table AS kind, coalesce(concept_name, source_value) AS what,
       coalesce(value_as_number::VARCHAR, value_concept_name, value_as_string) AS value, unit_name AS unit, omop_id
FROM linked.event
WHERE person_id = $person
UNION ALL
SELECT clinical_date AS day, NULL AS until, 'imaging' AS kind, concat_ws(' ', modality, region, study_description) AS what,
       series_count || ' series' AS value, NULL AS unit, procedure_occurrence_id AS omop_id
FROM linked.imaging_timeline
WHERE person_id = $person
ORDER BY day, kind, what, omop_id
