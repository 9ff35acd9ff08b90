-- visit_detail: a part of a visit. Several records may name the same part (visit_detail_key). A part without dates of its
--   own spans the visit, imputed.
-- rows: omop.visit_detail
-- keeps: visit_detail_kept
-- when: visit_detail
WITH detail AS (
    SELECT d.project_id, d.case_key, d.visit_key, any_value(d.visit_detail_key) AS visit_detail_key,
           CASE WHEN any_value(d.visit_detail_key) IS NULL THEN any_value(d.row_key)
                ELSE md5(concat_ws('|', d.project_id, 'visit_detail', d.case_key, d.visit_key, any_value(d.visit_detail_key)))::UUID
           END AS row_key,
           min(d.record_id) AS record_id, arg_min(d.mapping_id, d.record_id) AS mapping_id,
           list(DISTINCT d.record_id ORDER BY d.record_id) AS support,
           any_value(a.person_id) AS person_id, arg_min(d.coding, d.record_id) AS coding, arg_min(d.text, d.record_id) AS text,
           min(omop_date(a.time_policy, a.anchor, a.source_anchor, a.day_shift, d.start_day,
                         coalesce(d.start_date, d.start_datetime::DATE))) AS start_date,
           max(omop_date(a.time_policy, a.anchor, a.source_anchor, a.day_shift, d.end_day,
                         coalesce(d.end_date, d.end_datetime::DATE))) AS end_date
    FROM (SELECT d.* REPLACE (coalesce(u.visit_key, d.visit_key) AS visit_key) FROM midrc.visit_detail d
          LEFT JOIN visit_part u USING (project_id, case_key, visit_detail_key)) d
    JOIN affected_case a USING (project_id, case_key)
    GROUP BY d.project_id, d.case_key, d.visit_key, coalesce(d.visit_detail_key, d.row_key::VARCHAR)
)
SELECT d.row_key, d.record_id, d.mapping_id, d.support,
       d.person_id,
       coalesce(c.target_concept_id, 0) AS visit_detail_concept_id,
       coalesce(d.start_date, v.visit_start) AS visit_detail_start_date,
       coalesce(d.end_date, v.visit_end) AS visit_detail_end_date,
       CASE WHEN d.start_date IS NULL
            THEN (SELECT max(target_concept_id) FROM coding_target WHERE coding = 'Type Concept:OMOP4976955')
            ELSE coalesce(t.type_concept_id, 0) END AS visit_detail_type_concept_id,
       source_value(d.text, c.code) AS visit_detail_source_value,
       coalesce(c.source_concept_id, 0) AS visit_detail_source_concept_id,
       v.visit_occurrence_id,
       d.project_id AS key_project_id, d.case_key AS key_case_key, d.visit_detail_key AS key_visit_detail_key,
       list_filter([
           CASE WHEN d.start_date IS NULL THEN {'column_name': 'visit_detail_start_date', 'rule': 'visit_start'} END,
           CASE WHEN d.end_date IS NULL THEN {'column_name': 'visit_detail_end_date', 'rule': 'visit_end'} END
       ], lambda x: x IS NOT NULL) AS imputed
FROM detail d
JOIN visit_row v USING (project_id, case_key, visit_key)
LEFT JOIN coding_target c ON c.coding = d.coding AND c.target_rank = 1
LEFT JOIN source_type t USING (mapping_id)
