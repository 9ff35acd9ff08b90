-- procedure_occurrence: events of domain Procedure and procedures without a standard concept; a quantity of 0 is 1 (CDM).
-- rows: omop.procedure_occurrence
-- when: procedure_occurrence
SELECT e.row_key, e.record_id, e.mapping_id, e.person_id,
       e.concept_id AS procedure_concept_id,
       e.start_date AS procedure_date, e.start_datetime AS procedure_datetime,
       e.end_date AS procedure_end_date, e.end_datetime AS procedure_end_datetime,
       e.type_concept_id AS procedure_type_concept_id,
       e.modifier_concept_id, CASE WHEN e.quantity = 0 THEN 1 ELSE e.quantity::INTEGER END AS quantity,
       p.provider_id, e.visit_occurrence_id, d.visit_detail_id,
       e.source_value AS procedure_source_value, e.source_concept_id AS procedure_source_concept_id,
       source_value(e.modifier, NULL) AS modifier_source_value,
       CASE WHEN e.start_rule IS NOT NULL THEN [{'column_name': 'procedure_date', 'rule': e.start_rule}] ELSE [] END AS imputed
FROM event e
LEFT JOIN provider_row p USING (project_id, provider_key)
LEFT JOIN visit_detail_row d USING (project_id, case_key, visit_detail_key)
WHERE e.omop_table = 'procedure_occurrence' AND e.start_date IS NOT NULL
