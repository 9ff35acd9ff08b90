-- The affected cases' hub rows that may become events, one shape for all nodes; person, visit and time joined, and of several
-- codings the one that speaks (coding_choice). A drug or device that is named by reference has its codings from there, and what
-- the reference calls a drug counts where it is not there. A drug of several rows (the ingredients of a product that has no code of
-- its own) makes an event of each.
-- on demand
CREATE OR REPLACE TEMP VIEW hub_event AS
WITH drug AS (
    SELECT project_id, drug_key, codings AS drug_codings, lot AS drug_lot, row_key AS ingredient_key,
           count(*) OVER (PARTITION BY project_id, drug_key) > 1 AS is_ingredient
    FROM midrc.drug
),
device AS (
    SELECT project_id, device_key, codings AS device_codings, udi AS device_udi, production_id AS device_production_id
    FROM midrc.device_definition
),
node AS (
    SELECT 'condition' AS node, 'condition_occurrence' AS own_table, record_id, mapping_id, row_key, project_id, case_key,
           visit_key, visit_detail_key, provider_key, kind, assertion, certainty, subject_role, coding, codings, text,
           start_day, end_day, start_date, end_date, start_datetime, end_datetime, start_precision, start_imputation,
           type_hint, status,
           value_coding, value_text, stop_reason
    FROM midrc.condition
    UNION ALL BY NAME
    SELECT 'medication' AS node, 'drug_exposure' AS own_table, record_id, mapping_id,
           CASE WHEN is_ingredient AND codings IS NULL THEN md5(row_key::VARCHAR || '|' || ingredient_key)::UUID ELSE row_key END
               AS row_key,
           project_id, case_key, visit_key, visit_detail_key, provider_key, kind, assertion, certainty, subject_role, coding,
           coalesce(codings, drug_codings) AS codings, CASE WHEN drug_codings IS NULL THEN text END AS text,
           start_day, end_day, start_date, end_date, start_datetime, end_datetime, start_precision, start_imputation,
           type_hint, status,
           value_coding, value_text, stop_reason, quantity, days_supply, daily_dose, duration_days, refills, category, route, route_coding,
           route_codings, dose_unit, dosage_text, coalesce(lot, drug_lot) AS lot
    FROM midrc.medication LEFT JOIN drug USING (project_id, drug_key)
    UNION ALL BY NAME
    SELECT 'procedure' AS node, 'procedure_occurrence' AS own_table, record_id, mapping_id, row_key, project_id, case_key,
           visit_key, visit_detail_key, provider_key, kind, assertion, certainty, subject_role, coding, codings, text,
           start_day, end_day, start_date, end_date, start_datetime, end_datetime, start_precision, start_imputation,
           type_hint, status,
           value_coding, value_text, stop_reason, quantity, modifier, modifier_coding
    FROM midrc.procedure
    UNION ALL BY NAME
    SELECT 'device' AS node, 'device_exposure' AS own_table, record_id, mapping_id, row_key, project_id, case_key,
           visit_key, visit_detail_key, provider_key, kind, assertion, certainty, subject_role, coding,
           coalesce(codings, device_codings) AS codings, text,
           start_day, end_day, start_date, end_date, start_datetime, end_datetime, start_precision, start_imputation,
           type_hint, status,
           coalesce(udi, device_udi) AS udi, coalesce(production_id, device_production_id) AS production_id, quantity
    FROM midrc.device LEFT JOIN device USING (project_id, device_key)
    UNION ALL BY NAME
    SELECT 'measurement' AS node, 'measurement' AS own_table, record_id, mapping_id, row_key, project_id, case_key,
           visit_key, visit_detail_key, provider_key, kind, assertion, certainty, subject_role, coding, codings, text,
           start_day, end_day, start_date, end_date, start_datetime, end_datetime, start_precision, start_imputation,
           type_hint, status,
           value_number, value_operator, value_coding, value_codings, value_text, unit_text, unit_code,
           reference_low, reference_high
    FROM midrc.measurement
    UNION ALL BY NAME
    SELECT 'observation' AS node, 'observation' AS own_table, record_id, mapping_id, row_key, project_id, case_key,
           visit_key, visit_detail_key, provider_key, kind, assertion, certainty, subject_role, coding, codings, text,
           start_day, end_day, start_date, end_date, start_datetime, end_datetime, start_precision, start_imputation,
           type_hint, status,
           value_number, value_operator, value_coding, value_codings, value_text, unit_text, unit_code,
           reference_low, reference_high, qualifier, qualifier_coding, question_coding
    FROM midrc.observation
),
last_visit AS (
    SELECT project_id, case_key, max(visit_start) AS last_visit FROM visit_row GROUP BY ALL
)
SELECT n.* EXCLUDE (start_date, end_date, start_datetime, end_datetime, codings, value_codings, route_codings)
           REPLACE (coalesce(n.coding, c.coding) AS coding, coalesce(n.value_coding, cv.coding) AS value_coding,
                    -- a source value is the code as written; words stand for a concept without any
                    CASE WHEN n.codings IS NULL THEN n.text WHEN c.coding IS NULL THEN coalesce(c.text, n.text) END AS text,
                    coalesce(n.value_text, cv.text, cv.coding) AS value_text,
                    coalesce(n.route_coding, cr.coding) AS route_coding, coalesce(n.route, cr.text) AS route),
       a.person_id, v.visit_occurrence_id, v.visit_start, v.visit_end, v.is_inpatient, a.time_policy,
       n.value_codings IS NOT NULL AS value_is_coded,
       coalesce(
           omop_date(a.time_policy, a.anchor, a.source_anchor, a.day_shift, n.start_day, coalesce(n.start_date, n.start_datetime::DATE)),
           CASE WHEN n.start_imputation IN ('visit_start', 'visit_span') THEN v.visit_start
                WHEN n.start_imputation = 'visit_end' THEN v.visit_end
                WHEN n.start_imputation = 'last_visit' THEN l.last_visit
                WHEN n.start_imputation = 'index_event' AND a.time_policy = 'offset' THEN a.anchor END) AS start_date,
       -- imaging_study: the date is given, and is that of the study on the same line
       n.start_imputation IS NOT NULL AND (n.start_imputation = 'imaging_study'
           OR n.start_day IS NULL AND n.start_date IS NULL AND n.start_datetime IS NULL) AS start_imputed,
       coalesce(
           omop_date(a.time_policy, a.anchor, a.source_anchor, a.day_shift, n.end_day, coalesce(n.end_date, n.end_datetime::DATE)),
           CASE WHEN n.start_imputation = 'visit_span' THEN v.visit_end END) AS end_date,
       n.end_day IS NULL AND n.end_date IS NULL AND n.end_datetime IS NULL AS end_unstated,
       -- an offset has no time of day: NULL, not midnight
       CASE WHEN a.time_policy = 'offset' THEN NULL ELSE n.start_datetime + to_days(a.day_shift) END AS start_datetime,
       CASE WHEN a.time_policy = 'offset' THEN NULL ELSE n.end_datetime + to_days(a.day_shift) END AS end_datetime
FROM node n
JOIN affected_case a USING (project_id, case_key)
LEFT JOIN visit_row v USING (project_id, case_key, visit_key)
LEFT JOIN last_visit l USING (project_id, case_key)
LEFT JOIN coding_choice c ON c.node = n.node AND c.codings = n.codings
LEFT JOIN coding_choice cv ON cv.node = 'value' AND cv.codings = n.value_codings
LEFT JOIN coding_choice cr ON cr.node = 'route' AND cr.codings = n.route_codings
