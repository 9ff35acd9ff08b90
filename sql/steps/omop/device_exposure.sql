-- device_exposure: events of domain Device and devices without a standard concept; a missing quantity is 1 (CDM).
-- rows: omop.device_exposure
-- when: device_exposure
SELECT e.row_key, e.record_id, e.mapping_id, e.person_id,
       e.concept_id AS device_concept_id,
       e.start_date AS device_exposure_start_date, e.start_datetime AS device_exposure_start_datetime,
       e.end_date AS device_exposure_end_date, e.end_datetime AS device_exposure_end_datetime,
       e.type_concept_id AS device_type_concept_id,
       left(e.udi, 255) AS unique_device_id, left(e.production_id, 255) AS production_id,
       coalesce(e.quantity::INTEGER, 1) AS quantity,
       p.provider_id, e.visit_occurrence_id, d.visit_detail_id,
       e.source_value AS device_source_value, e.source_concept_id AS device_source_concept_id,
       CASE WHEN e.start_rule IS NOT NULL THEN [{'column_name': 'device_exposure_start_date', 'rule': e.start_rule}] ELSE [] END
           AS imputed
FROM event e
LEFT JOIN provider_row p USING (project_id, provider_key)
LEFT JOIN visit_detail_row d USING (project_id, case_key, visit_detail_key)
WHERE e.omop_table = 'device_exposure' AND e.start_date IS NOT NULL
