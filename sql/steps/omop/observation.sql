-- observation: events of every other domain; what is absent, refuted, history, family or allergy; how an age is known;
--   a death without any date.
-- rows: omop.observation
SELECT e.row_key, e.record_id, e.mapping_id, e.person_id,
       e.concept_id AS observation_concept_id,
       e.start_date AS observation_date, e.start_datetime AS observation_datetime,
       e.type_concept_id AS observation_type_concept_id,
       e.value_number AS value_as_number,
       CASE WHEN length(e.value_text) <= 60 THEN e.value_text ELSE left(e.value_text, 51) || '~' || left(sha256(e.value_text), 8) END
           AS value_as_string,
       e.value_as_concept_id, e.qualifier_concept_id, e.unit_concept_id,
       p.provider_id, e.visit_occurrence_id, d.visit_detail_id,
       e.source_value AS observation_source_value, e.source_concept_id AS observation_source_concept_id,
       source_value(e.unit_text, NULL) AS unit_source_value, source_value(e.qualifier, NULL) AS qualifier_source_value,
       source_value(coalesce(e.value_code, e.value_said), NULL) AS value_source_value,
       CASE WHEN e.start_rule IS NOT NULL THEN [{'column_name': 'observation_date', 'rule': e.start_rule}] ELSE [] END AS imputed
FROM event e
LEFT JOIN provider_row p USING (project_id, provider_key)
LEFT JOIN visit_detail_row d USING (project_id, case_key, visit_detail_key)
WHERE e.omop_table = 'observation' AND e.start_date IS NOT NULL
UNION ALL BY NAME
SELECT md5(p.age.project_id || '|age_precision|' || p.age.case_key)::UUID AS row_key,
       p.age.record_id AS record_id, p.age.mapping_id AS mapping_id, p.person_id,
       0 AS observation_concept_id,
       p.first_date AS observation_date,
       coalesce(t.type_concept_id, 0) AS observation_type_concept_id,
       concat_ws(' ', p.age.precision, CASE WHEN p.age.high <> p.age.low THEN p.age.low || '-' || p.age.high
                                         WHEN p.age.high IS NOT NULL THEN p.age.low::VARCHAR END)
           AS value_as_string,
       'age_precision' AS observation_source_value, 0 AS observation_source_concept_id,
       source_value(p.age.text, NULL) AS value_source_value,
       [] AS imputed
FROM person_known p
LEFT JOIN source_type t ON t.mapping_id = p.age.mapping_id
WHERE p.age.precision NOT IN ('birth_date', 'birth_year') AND p.first_date IS NOT NULL
UNION ALL BY NAME
SELECT d.row_key, d.record_id, d.mapping_id, d.person_id,
       (SELECT max(target_concept_id) FROM coding_target WHERE coding = 'SNOMED:419620001') AS observation_concept_id,
       d.last_date AS observation_date, coalesce(t.type_concept_id, 0) AS observation_type_concept_id,
       d.visit_occurrence_id,
       source_value(d.text, NULL) AS observation_source_value, 0 AS observation_source_concept_id,
       [{'column_name': 'observation_date', 'rule': 'last_event'}] AS imputed
FROM death_row d
LEFT JOIN source_type t USING (mapping_id)
WHERE d.death_date IS NULL AND d.last_date IS NOT NULL
