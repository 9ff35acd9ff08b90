-- drug_exposure: the end is what the source says, else start + days_supply - 1, else the start (CDM v5.4 conventions).
-- rows: omop.drug_exposure
-- keeps: drug_kept
-- when: drug_exposure
SELECT e.row_key, e.record_id, e.mapping_id, e.person_id,
       e.concept_id AS drug_concept_id,
       e.start_date AS drug_exposure_start_date, e.start_datetime AS drug_exposure_start_datetime,
       coalesce(e.end_date, e.start_date + greatest(e.days_supply - 1, 0)::INTEGER, e.start_date) AS drug_exposure_end_date,
       e.end_datetime AS drug_exposure_end_datetime,
       CASE WHEN NOT e.end_unstated THEN e.end_date END AS verbatim_end_date,
       e.type_concept_id AS drug_type_concept_id,
       left(e.stop_reason, 20) AS stop_reason, e.refills, e.quantity,
       CASE WHEN e.days_supply >= 0 THEN e.days_supply END AS days_supply,
       e.dosage_text AS sig, e.route_concept_id, left(e.lot, 50) AS lot_number,
       p.provider_id, e.visit_occurrence_id, d.visit_detail_id,
       e.source_value AS drug_source_value, e.source_concept_id AS drug_source_concept_id,
       source_value(e.route, NULL) AS route_source_value, source_value(e.dose_unit, NULL) AS dose_unit_source_value,
       list_filter([
           CASE WHEN e.start_rule IS NOT NULL THEN {'column_name': 'drug_exposure_start_date', 'rule': e.start_rule} END,
           CASE WHEN e.end_unstated
                THEN {'column_name': 'drug_exposure_end_date',
                      'rule': CASE WHEN e.start_imputation = 'visit_span' THEN 'visit_end'
                                   WHEN e.days_supply IS NOT NULL THEN 'days_supply' ELSE 'start' END} END
       ], lambda x: x IS NOT NULL) AS imputed,
       -- for the eras
       e.record_id AS key_record_id, e.mapping_id AS key_mapping_id, e.concept_id AS key_concept_id, e.start_date AS key_first,
       drug_exposure_end_date AS key_last, e.quantity AS key_quantity, e.days_supply AS key_days_supply
FROM event e
LEFT JOIN provider_row p USING (project_id, provider_key)
LEFT JOIN visit_detail_row d USING (project_id, case_key, visit_detail_key)
WHERE e.omop_table = 'drug_exposure' AND e.start_date IS NOT NULL
