-- death: at most one row a person; without any date there is no row here but an observation (see observation.sql).
-- rows: omop.death
-- when: death
SELECT d.row_key, d.record_id, d.mapping_id, d.support, d.person_id, d.death_date, d.death_datetime,
       coalesce(t.type_concept_id, 0) AS death_type_concept_id,
       c.target_concept_id AS cause_concept_id,
       source_value(d.cause_text, c.code) AS cause_source_value, c.source_concept_id AS cause_source_concept_id,
       CASE WHEN d.is_imputed THEN [{'column_name': 'death_date', 'rule': d.rule}] ELSE [] END AS imputed
FROM death_row d
LEFT JOIN coding_target c ON c.coding = d.cause_coding AND c.target_rank = 1
LEFT JOIN source_type t USING (mapping_id)
WHERE d.death_date IS NOT NULL
