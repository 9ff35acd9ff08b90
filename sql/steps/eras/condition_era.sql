-- condition_era: a span in which a person is taken to have one condition; its concept is that of its occurrences, without descendants.
-- rows: omop.condition_era
-- keeps: condition_era_kept
-- when: condition_kept
-- when: era_member
SELECT md5(concat_ws('|', p.project_id, 'condition_era', p.case_key, m.concept_id, min(m.first)))::UUID AS row_key,
       any_value(m.record_id) FILTER (m.event_id = m.first_event_id) AS record_id,
       any_value(m.mapping_id) FILTER (m.event_id = m.first_event_id) AS mapping_id,
       m.concept_id AS key_concept_id, m.first_event_id AS key_first_event_id,
       m.person_id, m.concept_id AS condition_concept_id,
       min(m.first) AS condition_era_start_date, max(m.last) AS condition_era_end_date,
       count(*) AS condition_occurrence_count
FROM era_member m
JOIN period_person p USING (person_id)
WHERE m.era_table = 'condition_era'
GROUP BY p.project_id, p.case_key, m.person_id, m.concept_id, m.first_event_id
