-- specimen: samples taken from a person.
-- rows: omop.specimen
-- when: specimen
SELECT s.row_key, s.record_id, s.mapping_id, a.person_id,
       coalesce(k.target_concept_id, 0) AS specimen_concept_id,
       coalesce(nullif(h.target_concept_id, 0), t.type_concept_id, 0) AS specimen_type_concept_id,
       omop_date(a.time_policy, a.anchor, a.source_anchor, a.day_shift, s.start_day, coalesce(s.start_date, s.start_datetime::DATE))
           AS specimen_date,
       CASE WHEN a.time_policy = 'offset' THEN NULL ELSE s.start_datetime + to_days(a.day_shift) END AS specimen_datetime,
       s.quantity,
       CASE WHEN s.unit_code IS NOT NULL THEN coalesce(u.target_concept_id, 0) WHEN s.unit_text IS NOT NULL THEN 0 END AS unit_concept_id,
       CASE WHEN s.body_site_codings IS NOT NULL THEN coalesce(b.target_concept_id, 0) END AS anatomic_site_concept_id,
       source_value(CASE WHEN k.code IS NULL THEN c.text END, k.code) AS specimen_source_value,
       source_value(s.unit_text, NULL) AS unit_source_value,
       source_value(CASE WHEN b.code IS NULL THEN bc.text END, b.code) AS anatomic_site_source_value,
       CASE WHEN s.start_imputation IN ('timing_event', 'period_end')
            THEN [{'column_name': 'specimen_date', 'rule': s.start_imputation::VARCHAR}]
            WHEN s.start_precision IS NOT NULL
            THEN [{'column_name': 'specimen_date', 'rule': 'first_of_' || s.start_precision}] ELSE [] END AS imputed
FROM midrc.specimen s
JOIN affected_case a USING (project_id, case_key)
LEFT JOIN coding_choice c ON c.node = 'specimen' AND c.codings = s.codings
LEFT JOIN coding_choice bc ON bc.node = 'body_site' AND bc.codings = s.body_site_codings
LEFT JOIN coding_target k ON k.coding = coalesce(s.coding, c.coding) AND k.target_rank = 1
LEFT JOIN coding_target b ON b.coding = bc.coding AND b.target_rank = 1
LEFT JOIN coding_target u ON u.coding = 'UCUM:' || s.unit_code AND u.target_rank = 1
LEFT JOIN coding_target h ON h.coding = s.type_hint AND h.target_rank = 1
LEFT JOIN source_type t ON t.mapping_id = s.mapping_id
WHERE a.person_id IS NOT NULL
  AND omop_date(a.time_policy, a.anchor, a.source_anchor, a.day_shift, s.start_day, coalesce(s.start_date, s.start_datetime::DATE))
      IS NOT NULL
