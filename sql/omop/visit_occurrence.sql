-- visit_occurrence: one row a visit of a case; several records may name the same visit. An end that is not stated is the
--   start, and said so (CDM: outpatient and emergency visits end the day they start).
WITH visit AS (
    SELECT v.project_id, v.case_key, v.visit_key, a.person_id,
           min(v.record_id) AS record_id, arg_min(v.mapping_id, v.record_id) AS mapping_id,
           list(DISTINCT v.record_id ORDER BY v.record_id) AS support,
           min(omop_date(a.time_policy, a.anchor, a.source_anchor, coalesce(v.start_day, v.days_to_hospital_admission),
                         coalesce(v.start_date, v.start_datetime::DATE))) AS start_date,
           max(omop_date(a.time_policy, a.anchor, a.source_anchor, coalesce(v.end_day, v.days_to_hospital_discharge),
                         coalesce(v.end_date, v.end_datetime::DATE))) AS end_date,
           min(CASE WHEN a.time_policy <> 'offset' THEN v.start_datetime END) AS start_datetime,
           max(CASE WHEN a.time_policy <> 'offset' THEN v.end_datetime END) AS end_datetime,
           arg_min(v.coding, v.record_id) AS coding, arg_min(v.text, v.record_id) AS text,
           arg_max(coalesce(v.discharge_disposition, v.discharge_type), v.record_id) AS discharge,
           arg_max(v.discharge_coding, v.record_id) AS discharge_coding,
           arg_max(v.admit_source, v.record_id) AS admit_source,
           arg_max(v.admit_source_coding, v.record_id) AS admit_source_coding,
           arg_min(v.provider_key, v.record_id) AS provider_key, arg_min(v.care_site_key, v.record_id) AS care_site_key
    FROM midrc.visit v JOIN affected_case a USING (project_id, case_key)
    WHERE a.person_id IS NOT NULL
    GROUP BY v.project_id, v.case_key, v.visit_key, a.person_id
)
SELECT md5(v.project_id || '|visit|' || v.case_key || '|' || v.visit_key)::UUID AS row_key, v.record_id, v.mapping_id, v.support,
       v.project_id AS key_project_id, v.case_key AS key_case_key, v.visit_key AS key_visit_key,
       v.person_id,
       coalesce(c.target_concept_id, 0) AS visit_concept_id,
       v.start_date AS visit_start_date, v.start_datetime AS visit_start_datetime,
       coalesce(v.end_date, v.start_date) AS visit_end_date, v.end_datetime AS visit_end_datetime,
       coalesce(t.type_concept_id, 0) AS visit_type_concept_id,
       p.provider_id, s.care_site_id,
       source_value(v.text, c.code) AS visit_source_value, coalesce(c.source_concept_id, 0) AS visit_source_concept_id,
       coalesce(ad.target_concept_id, CASE WHEN v.admit_source IS NOT NULL THEN 0 END) AS admitted_from_concept_id,
       source_value(v.admit_source, NULL) AS admitted_from_source_value,
       coalesce(di.target_concept_id, CASE WHEN v.discharge IS NOT NULL THEN 0 END) AS discharged_to_concept_id,
       source_value(v.discharge, NULL) AS discharged_to_source_value,
       CASE WHEN v.end_date IS NULL
            THEN [{'column_name': 'visit_end_date', 'rule': 'visit_start'}] ELSE [] END AS imputed
FROM visit v
LEFT JOIN coding_target c ON c.coding = v.coding AND c.target_rank = 1
LEFT JOIN coding_target ad ON ad.coding = v.admit_source_coding AND ad.target_rank = 1
LEFT JOIN coding_target di ON di.coding = v.discharge_coding AND di.target_rank = 1
LEFT JOIN source_type t USING (mapping_id)
LEFT JOIN provider_row p ON p.project_id = v.project_id AND p.provider_key = v.provider_key
LEFT JOIN care_site_row s ON s.project_id = v.project_id AND s.care_site_key = v.care_site_key
WHERE v.start_date IS NOT NULL
