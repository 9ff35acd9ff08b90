-- dose_era: a span in which a person is taken to be exposed to one daily dose of one ingredient.
-- rows: omop.dose_era
-- keeps: dose_era_kept
-- when: drug_kept
-- when: omop.drug_strength
-- when: era_member
SELECT md5(concat_ws('|', p.project_id, 'dose_era', p.case_key, m.concept_id, m.unit_concept_id, m.dose, min(m.first)))::UUID AS row_key,
       any_value(m.record_id) FILTER (m.event_id = m.first_event_id) AS record_id,
       any_value(m.mapping_id) FILTER (m.event_id = m.first_event_id) AS mapping_id,
       m.concept_id AS key_concept_id, m.first_event_id AS key_first_event_id,
       m.person_id, m.concept_id AS drug_concept_id, m.unit_concept_id, m.dose AS dose_value,
       min(m.first) AS dose_era_start_date, max(m.last) AS dose_era_end_date
FROM era_member m
JOIN period_person p USING (person_id)
WHERE m.era_table = 'dose_era'
GROUP BY p.project_id, p.case_key, m.person_id, m.concept_id, m.first_event_id, m.unit_concept_id, m.dose
