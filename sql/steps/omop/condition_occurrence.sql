-- condition_occurrence: events whose concept is of domain Condition, and conditions without a standard concept.
-- rows: omop.condition_occurrence
-- keeps: condition_kept
-- when: condition_occurrence
SELECT e.row_key, e.record_id, e.mapping_id, e.person_id,
       e.concept_id AS condition_concept_id,
       e.start_date AS condition_start_date, e.start_datetime AS condition_start_datetime,
       e.end_date AS condition_end_date, e.end_datetime AS condition_end_datetime,
       e.type_concept_id AS condition_type_concept_id,
       left(e.stop_reason, 20) AS stop_reason,
       p.provider_id, e.visit_occurrence_id, d.visit_detail_id,
       e.source_value AS condition_source_value, e.source_concept_id AS condition_source_concept_id,
       source_value(e.status, NULL) AS condition_status_source_value,
       CASE WHEN e.start_rule IS NOT NULL THEN [{'column_name': 'condition_start_date', 'rule': e.start_rule}] ELSE [] END AS imputed,
       -- for the eras
       e.record_id AS key_record_id, e.mapping_id AS key_mapping_id, e.concept_id AS key_concept_id, e.start_date AS key_first,
       e.end_date AS key_last
FROM event e
LEFT JOIN provider_row p USING (project_id, provider_key)
LEFT JOIN visit_detail_row d USING (project_id, case_key, visit_detail_key)
WHERE e.omop_table = 'condition_occurrence' AND e.start_date IS NOT NULL
