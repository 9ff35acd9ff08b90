-- note: clinical documents whose text the source sends; the language where it is English (SNOMED 297487008), else 0.
-- rows: omop.note
-- when: note
SELECT n.row_key, n.record_id, n.mapping_id, a.person_id,
       omop_date(a.time_policy, a.anchor, a.source_anchor, a.day_shift, n.start_day, coalesce(n.start_date, n.start_datetime::DATE))
           AS note_date,
       CASE WHEN a.time_policy = 'offset' THEN NULL ELSE n.start_datetime + to_days(a.day_shift) END AS note_datetime,
       coalesce(nullif(h.target_concept_id, 0), t.type_concept_id, 0) AS note_type_concept_id,
       coalesce(k.target_concept_id, 0) AS note_class_concept_id,
       left(n.title, 250) AS note_title, n.note_text,
       0 AS encoding_concept_id,
       CASE WHEN lower(n.language) = 'en' OR lower(n.language) LIKE 'en-%'
            THEN (SELECT coalesce(max(target_concept_id), 0) FROM coding_target WHERE coding = 'SNOMED:297487008')
            ELSE 0 END AS language_concept_id,
       p.provider_id, v.visit_occurrence_id, d.visit_detail_id,
       source_value(CASE WHEN k.code IS NULL THEN coalesce(n.text, c.text) END, k.code) AS note_source_value,
       CASE WHEN n.start_imputation IN ('timing_event', 'period_end')
            THEN [{'column_name': 'note_date', 'rule': n.start_imputation::VARCHAR}]
            WHEN n.start_precision IS NOT NULL
            THEN [{'column_name': 'note_date', 'rule': 'first_of_' || n.start_precision}] ELSE [] END AS imputed
FROM midrc.note n
JOIN affected_case a USING (project_id, case_key)
ANTI JOIN replaced_record USING (record_id)
LEFT JOIN visit_row v USING (project_id, case_key, visit_key)
LEFT JOIN visit_detail_row d USING (project_id, case_key, visit_detail_key)
LEFT JOIN provider_row p USING (project_id, provider_key)
LEFT JOIN coding_choice c ON c.node = 'note' AND c.codings = n.codings
LEFT JOIN coding_target k ON k.coding = coalesce(n.coding, c.coding) AND k.target_rank = 1
LEFT JOIN coding_target h ON h.coding = n.type_hint AND h.target_rank = 1
LEFT JOIN source_type t ON t.mapping_id = n.mapping_id
WHERE a.person_id IS NOT NULL AND n.note_text IS NOT NULL
  AND omop_date(a.time_policy, a.anchor, a.source_anchor, a.day_shift, n.start_day, coalesce(n.start_date, n.start_datetime::DATE))
      IS NOT NULL
