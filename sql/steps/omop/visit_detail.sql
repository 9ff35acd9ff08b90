-- visit_detail: a part of a visit. Several records may name the same part (visit_detail_key); the one that starts first names
--   its people and its place. A part without dates of its own spans the visit, imputed, and has no times of day.
-- rows: omop.visit_detail
-- keeps: visit_detail_kept
-- when: visit_detail
WITH line AS (
    SELECT d.* REPLACE (coalesce(u.visit_key, d.visit_key) AS visit_key), u.parent_key, a.person_id, a.time_policy, a.day_shift,
           omop_date(a.time_policy, a.anchor, a.source_anchor, a.day_shift, d.start_day, coalesce(d.start_date, d.start_datetime::DATE))
               AS starts,
           omop_date(a.time_policy, a.anchor, a.source_anchor, a.day_shift, d.end_day, coalesce(d.end_date, d.end_datetime::DATE)) AS ends
    FROM midrc.visit_detail d
    JOIN affected_case a USING (project_id, case_key)
    LEFT JOIN visit_part u
      ON u.project_id = d.project_id AND u.case_key = d.case_key AND u.part_key = coalesce(d.visit_detail_key, d.row_key::VARCHAR)
),
detail AS (
    SELECT project_id, case_key, visit_key, any_value(visit_detail_key) AS visit_detail_key, min(parent_key) AS parent_key,
           CASE WHEN any_value(visit_detail_key) IS NULL THEN any_value(row_key)
                ELSE md5(concat_ws('|', project_id, 'visit_detail', case_key, visit_key, any_value(visit_detail_key)))::UUID
           END AS row_key,
           min(record_id) AS record_id, arg_min(mapping_id, record_id) AS mapping_id,
           list(DISTINCT record_id ORDER BY record_id) AS support,
           any_value(person_id) AS person_id, arg_min(coding, record_id) AS coding, arg_min(text, record_id) AS text,
           min(starts) AS start_date, max(ends) AS end_date,
           min(start_datetime + to_days(day_shift)) FILTER (time_policy IS DISTINCT FROM 'offset') AS start_datetime,
           max(end_datetime + to_days(day_shift)) FILTER (time_policy IS DISTINCT FROM 'offset') AS end_datetime,
           arg_min(provider_key, (starts, provider_key)) AS provider_key,
           arg_min(care_site_key, (starts, care_site_key)) AS care_site_key
    FROM line
    GROUP BY project_id, case_key, visit_key, coalesce(visit_detail_key, row_key::VARCHAR)
)
SELECT d.row_key, d.record_id, d.mapping_id, d.support,
       d.person_id,
       coalesce(c.target_concept_id, 0) AS visit_detail_concept_id,
       coalesce(d.start_date, v.visit_start) AS visit_detail_start_date,
       -- of several records one may state a day alone: a time is that of the row's own day
       CASE WHEN d.start_datetime::DATE = d.start_date THEN d.start_datetime END AS visit_detail_start_datetime,
       coalesce(d.end_date, v.visit_end) AS visit_detail_end_date,
       CASE WHEN d.end_datetime::DATE = d.end_date THEN d.end_datetime END AS visit_detail_end_datetime,
       CASE WHEN d.start_date IS NULL
            THEN (SELECT max(target_concept_id) FROM coding_target WHERE coding = 'Type Concept:OMOP4976955')
            ELSE coalesce(t.type_concept_id, 0) END AS visit_detail_type_concept_id,
       p.provider_id, s.care_site_id,
       source_value(d.text, c.code) AS visit_detail_source_value,
       coalesce(c.source_concept_id, 0) AS visit_detail_source_concept_id,
       v.visit_occurrence_id,
       d.project_id AS key_project_id, d.case_key AS key_case_key, d.visit_detail_key AS key_visit_detail_key,
       d.parent_key AS key_parent_key,
       list_filter([
           CASE WHEN d.start_date IS NULL THEN {'column_name': 'visit_detail_start_date', 'rule': 'visit_start'} END,
           CASE WHEN d.end_date IS NULL THEN {'column_name': 'visit_detail_end_date', 'rule': 'visit_end'} END
       ], lambda x: x IS NOT NULL) AS imputed
FROM detail d
JOIN visit_row v USING (project_id, case_key, visit_key)
LEFT JOIN coding_target c ON c.coding = d.coding AND c.target_rank = 1
LEFT JOIN source_type t USING (mapping_id)
LEFT JOIN provider_row p ON p.project_id = d.project_id AND p.provider_key = d.provider_key
LEFT JOIN care_site_row s ON s.project_id = d.project_id AND s.care_site_key = d.care_site_key
