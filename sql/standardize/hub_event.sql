-- The affected cases' hub rows that may become events, one shape for all nodes; person, visit and time joined.
CREATE OR REPLACE TEMP VIEW hub_event AS
WITH node AS (
    SELECT 'condition' AS node, 'condition_occurrence' AS own_table, record_id, mapping_id, row_key, project_id, case_key,
           visit_key, visit_detail_key, provider_key, kind, assertion, certainty, subject_role, coding, text, start_day,
           end_day, start_date, end_date, start_datetime, end_datetime, start_imputation, type_hint, status,
           value_coding, value_text, stop_reason
    FROM midrc.condition
    UNION ALL BY NAME
    SELECT 'medication' AS node, 'drug_exposure' AS own_table, record_id, mapping_id, row_key, project_id, case_key,
           visit_key, visit_detail_key, provider_key, kind, assertion, certainty, subject_role, coding, text, start_day,
           end_day, start_date, end_date, start_datetime, end_datetime, start_imputation, type_hint, status,
           value_coding, value_text, stop_reason, quantity, days_supply, refills, route, route_coding,
           dose_unit, dosage_text, lot
    FROM midrc.medication
    UNION ALL BY NAME
    SELECT 'procedure' AS node, 'procedure_occurrence' AS own_table, record_id, mapping_id, row_key, project_id, case_key,
           visit_key, visit_detail_key, provider_key, kind, assertion, certainty, subject_role, coding, text, start_day,
           end_day, start_date, end_date, start_datetime, end_datetime, start_imputation, type_hint, status,
           value_coding, value_text, quantity, modifier, modifier_coding
    FROM midrc.procedure
    UNION ALL BY NAME
    SELECT 'device' AS node, 'device_exposure' AS own_table, record_id, mapping_id, row_key, project_id, case_key,
           visit_key, visit_detail_key, provider_key, kind, assertion, certainty, subject_role, coding, text, start_day,
           end_day, start_date, end_date, start_datetime, end_datetime, start_imputation, type_hint, status,
           udi, production_id, quantity
    FROM midrc.device
    UNION ALL BY NAME
    SELECT 'measurement' AS node, 'measurement' AS own_table, record_id, mapping_id, row_key, project_id, case_key,
           visit_key, visit_detail_key, provider_key, kind, assertion, certainty, subject_role, coding, text, start_day,
           end_day, start_date, end_date, start_datetime, end_datetime, start_imputation, type_hint, status,
           value_number, value_operator, value_coding, value_text, unit_text, unit_code, reference_low, reference_high
    FROM midrc.measurement
    UNION ALL BY NAME
    SELECT 'observation' AS node, 'observation' AS own_table, record_id, mapping_id, row_key, project_id, case_key,
           visit_key, visit_detail_key, provider_key, kind, assertion, certainty, subject_role, coding, text, start_day,
           end_day, start_date, end_date, start_datetime, end_datetime, start_imputation, type_hint, status,
           value_number, value_operator, value_coding, value_text, unit_text, unit_code, qualifier, qualifier_coding
    FROM midrc.observation
)
SELECT n.* EXCLUDE (start_date, end_date, start_datetime, end_datetime),
       a.person_id, v.visit_occurrence_id, v.visit_start, v.visit_end, a.time_policy,
       coalesce(
           omop_date(a.time_policy, a.anchor, a.source_anchor, a.day_shift, n.start_day, coalesce(n.start_date, n.start_datetime::DATE)),
           CASE WHEN n.start_imputation IN ('visit_start', 'visit_span') THEN v.visit_start
                WHEN n.start_imputation = 'visit_end' THEN v.visit_end
                WHEN n.start_imputation = 'index_event' AND a.time_policy = 'offset' THEN a.anchor END) AS start_date,
       n.start_day IS NULL AND n.start_date IS NULL AND n.start_datetime IS NULL
           AND n.start_imputation IS NOT NULL AS start_imputed,
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
