-- drug_exposure. Its end (CDM v5.4 conventions, THEMIS) is what the source states; else the start and the length that is stated
--   or follows from quantity and daily dose; else 29 days after the start of a written prescription; else the start. Orders
--   of a stay end with the visit, and nothing goes past death. verbatim_end_date is the source's alone.
-- rows: omop.drug_exposure
-- keeps: drug_kept
-- when: drug_exposure
WITH drug AS (
    SELECT *, CASE WHEN NOT end_unstated THEN end_date END AS stated_end,
           is_order AND is_of_stay AND visit_end >= start_date AS ends_with_visit,
           coalesce(duration_days, days_supply, CASE WHEN quantity > 0 AND daily_dose > 0 THEN ceil(quantity / daily_dose) END) AS days
    FROM event
    WHERE omop_table = 'drug_exposure' AND start_date IS NOT NULL
),
lasting AS (
    SELECT *,
           CASE WHEN start_imputation = 'visit_span' THEN end_date
                WHEN days IS NOT NULL THEN start_date + least(greatest(days - 1, 0), 36525)::INTEGER
                WHEN ends_with_visit THEN visit_end
                WHEN is_order THEN start_date + 29
                ELSE start_date END AS lasts_until,
           CASE WHEN start_imputation = 'visit_span' THEN 'visit_end'
                WHEN duration_days IS NOT NULL THEN 'duration'
                WHEN days_supply IS NOT NULL THEN 'days_supply'
                WHEN days IS NOT NULL THEN 'quantity_by_daily_dose'
                WHEN ends_with_visit THEN 'visit_end'
                WHEN is_order THEN 'prescription_30_days'
                ELSE 'start' END AS rule
    FROM drug
),
ended AS (
    SELECT * REPLACE (CASE WHEN cut_by_visit THEN visit_end ELSE lasts_until END AS lasts_until,
                      CASE WHEN cut_by_visit THEN 'visit_end' ELSE rule END AS rule)
    FROM (SELECT *, coalesce(ends_with_visit AND lasts_until > visit_end, false) AS cut_by_visit FROM lasting)
),
alive AS (
    SELECT e.*, d.death_date,
           coalesce(d.death_date >= e.start_date AND coalesce(e.stated_end, e.lasts_until) > d.death_date, false) AS cut_by_death
    FROM ended e
    LEFT JOIN death_row d USING (person_id)
)
SELECT e.row_key, e.record_id, e.mapping_id, e.person_id,
       e.concept_id AS drug_concept_id,
       e.start_date AS drug_exposure_start_date, e.start_datetime AS drug_exposure_start_datetime,
       CASE WHEN e.cut_by_death THEN e.death_date ELSE coalesce(e.stated_end, e.lasts_until) END AS drug_exposure_end_date,
       CASE WHEN e.cut_by_death THEN NULL WHEN e.stated_end IS NOT NULL THEN e.end_datetime
            WHEN e.rule = 'start' THEN e.start_datetime END AS drug_exposure_end_datetime,
       e.stated_end AS verbatim_end_date,
       e.type_concept_id AS drug_type_concept_id,
       left(e.stop_reason, 20) AS stop_reason, e.refills, e.quantity,
       CASE WHEN e.days_supply >= 0 THEN e.days_supply END AS days_supply,
       e.dosage_text AS sig, e.route_concept_id, left(e.lot, 50) AS lot_number,
       p.provider_id, e.visit_occurrence_id, v.visit_detail_id,
       e.source_value AS drug_source_value, e.source_concept_id AS drug_source_concept_id,
       source_value(e.route, NULL) AS route_source_value, source_value(e.dose_unit, NULL) AS dose_unit_source_value,
       list_filter([
           CASE WHEN e.start_rule IS NOT NULL THEN {'column_name': 'drug_exposure_start_date', 'rule': e.start_rule} END,
           CASE WHEN e.cut_by_death THEN {'column_name': 'drug_exposure_end_date', 'rule': 'death'}
                WHEN e.stated_end IS NULL THEN {'column_name': 'drug_exposure_end_date', 'rule': e.rule} END
       ], lambda x: x IS NOT NULL) AS imputed,
       -- for the eras
       e.record_id AS key_record_id, e.mapping_id AS key_mapping_id, e.concept_id AS key_concept_id, e.start_date AS key_first,
       drug_exposure_end_date AS key_last, e.quantity AS key_quantity, e.days_supply AS key_days_supply
FROM alive e
LEFT JOIN provider_row p USING (project_id, provider_key)
LEFT JOIN visit_detail_row v USING (project_id, case_key, visit_detail_key)
