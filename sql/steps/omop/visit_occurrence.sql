-- visit_occurrence: one row a visit of a case; several records may name the same visit. An end that is not stated is the
--   start, and said so (CDM: outpatient and emergency visits end the day they start). Of lines that differ, the one that
--   starts first gives the class, and the one that ends last the discharge: never the order of lines.
-- rows: omop.visit_occurrence
-- keeps: visit_kept
-- when: visit
WITH line AS (
    -- a visit without a key of its own is a visit all the same
    SELECT v.* REPLACE (coalesce(v.visit_key, v.row_key::VARCHAR) AS visit_key), a.person_id, a.time_policy, a.day_shift,
           omop_date(a.time_policy, a.anchor, a.source_anchor, a.day_shift, coalesce(v.start_day, v.days_to_hospital_admission),
                     coalesce(v.start_date, v.start_datetime::DATE)) AS starts,
           omop_date(a.time_policy, a.anchor, a.source_anchor, a.day_shift, coalesce(v.end_day, v.days_to_hospital_discharge),
                     coalesce(v.end_date, v.end_datetime::DATE)) AS ends,
           coalesce(v.discharge_disposition, v.discharge_type) AS discharge
    FROM midrc.visit v JOIN affected_case a USING (project_id, case_key)
    WHERE a.person_id IS NOT NULL
),
visit AS (
    SELECT project_id, case_key, visit_key, person_id,
           min(record_id) AS record_id, arg_min(mapping_id, record_id) AS mapping_id,
           list(DISTINCT record_id ORDER BY record_id) AS support,
           min(starts) AS start_date, max(ends) AS end_date,
           min(start_datetime + to_days(day_shift)) FILTER (time_policy IS DISTINCT FROM 'offset') AS start_datetime,
           max(end_datetime + to_days(day_shift)) FILTER (time_policy IS DISTINCT FROM 'offset') AS end_datetime,
           arg_min({'coding': coding, 'text': text}, (starts, coding, text))
               FILTER (coding IS NOT NULL OR text IS NOT NULL) AS class,
           arg_max({'coding': discharge_coding, 'text': discharge},
                   (coalesce(ends, starts, DATE '0001-01-01'), coalesce(discharge_coding, ''), coalesce(discharge, '')))
               FILTER (discharge_coding IS NOT NULL OR discharge IS NOT NULL) AS discharge,
           arg_min({'coding': admit_source_coding, 'text': admit_source}, (starts, admit_source_coding, admit_source))
               FILTER (admit_source_coding IS NOT NULL OR admit_source IS NOT NULL) AS admission,
           arg_min(provider_key, (starts, provider_key)) AS provider_key,
           arg_min(care_site_key, (starts, care_site_key)) AS care_site_key
    FROM line
    GROUP BY ALL
)
SELECT md5(v.project_id || '|visit|' || v.case_key || '|' || v.visit_key)::UUID AS row_key, v.record_id, v.mapping_id, v.support,
       v.project_id AS key_project_id, v.case_key AS key_case_key, v.visit_key AS key_visit_key,
       v.person_id,
       coalesce(c.target_concept_id, 0) AS visit_concept_id,
       v.start_date AS visit_start_date, v.start_datetime AS visit_start_datetime,
       coalesce(v.end_date, v.start_date) AS visit_end_date, v.end_datetime AS visit_end_datetime,
       coalesce(t.type_concept_id, 0) AS visit_type_concept_id,
       p.provider_id, s.care_site_id,
       source_value(v.class.text, c.code) AS visit_source_value, coalesce(c.source_concept_id, 0) AS visit_source_concept_id,
       coalesce(ad.target_concept_id, CASE WHEN v.admission.text IS NOT NULL THEN 0 END) AS admitted_from_concept_id,
       source_value(v.admission.text, NULL) AS admitted_from_source_value,
       coalesce(di.target_concept_id, CASE WHEN v.discharge.text IS NOT NULL THEN 0 END) AS discharged_to_concept_id,
       source_value(v.discharge.text, NULL) AS discharged_to_source_value,
       CASE WHEN v.end_date IS NULL
            THEN [{'column_name': 'visit_end_date', 'rule': 'visit_start'}] ELSE [] END AS imputed
FROM visit v
LEFT JOIN coding_target c ON c.coding = v.class.coding AND c.target_rank = 1
LEFT JOIN coding_target ad ON ad.coding = v.admission.coding AND ad.target_rank = 1
LEFT JOIN coding_target di ON di.coding = v.discharge.coding AND di.target_rank = 1
LEFT JOIN source_type t USING (mapping_id)
LEFT JOIN provider_row p ON p.project_id = v.project_id AND p.provider_key = v.provider_key
LEFT JOIN care_site_row s ON s.project_id = v.project_id AND s.care_site_key = v.care_site_key
WHERE v.start_date IS NOT NULL
