-- measurement: events of domain Measurement and measurements without a standard concept.
--   unit_source_value is only what the source says; a unit that the mapping asserts shows in unit_concept_id alone.
-- rows: omop.measurement
-- when: measurement
SELECT e.row_key, e.record_id, e.mapping_id, e.person_id,
       e.concept_id AS measurement_concept_id,
       e.start_date AS measurement_date, e.start_datetime AS measurement_datetime,
       strftime(e.start_datetime, '%H:%M:%S') AS measurement_time,
       e.type_concept_id AS measurement_type_concept_id,
       e.operator_concept_id, e.value_number AS value_as_number, e.value_as_concept_id, e.unit_concept_id,
       e.reference_low AS range_low, e.reference_high AS range_high,
       p.provider_id, e.visit_occurrence_id, d.visit_detail_id,
       e.source_value AS measurement_source_value, e.source_concept_id AS measurement_source_concept_id,
       source_value(e.unit_text, NULL) AS unit_source_value,
       source_value(coalesce(e.value_code, e.value_text), NULL) AS value_source_value,
       CASE WHEN e.start_rule IS NOT NULL THEN [{'column_name': 'measurement_date', 'rule': e.start_rule}] ELSE [] END AS imputed
FROM event e
LEFT JOIN provider_row p USING (project_id, provider_key)
LEFT JOIN visit_detail_row d USING (project_id, case_key, visit_detail_key)
WHERE e.omop_table = 'measurement' AND e.start_date IS NOT NULL
