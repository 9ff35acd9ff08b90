-- drug_era: a span in which a person is taken to be exposed to one ingredient. gap_days are the days in it that no
--   exposure covers; what is left of a supply when the next begins is not counted as stock.
-- rows: omop.drug_era
-- keeps: drug_era_kept
-- when: drug_kept
-- when: era_member
SELECT md5(concat_ws('|', p.project_id, 'drug_era', p.case_key, m.concept_id, min(m.first)))::UUID AS row_key,
       any_value(m.record_id) FILTER (m.event_id = m.first_event_id) AS record_id,
       any_value(m.mapping_id) FILTER (m.event_id = m.first_event_id) AS mapping_id,
       m.concept_id AS key_concept_id, m.first_event_id AS key_first_event_id,
       m.person_id, m.concept_id AS drug_concept_id,
       min(m.first) AS drug_era_start_date, max(m.last) AS drug_era_end_date,
       count(*) AS drug_exposure_count, sum(m.gap)::INTEGER AS gap_days
FROM era_member m
JOIN period_person p USING (person_id)
WHERE m.era_table = 'drug_era'
GROUP BY p.project_id, p.case_key, m.person_id, m.concept_id, m.first_event_id
