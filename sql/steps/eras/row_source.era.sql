-- The records of all other events of an era support it.
-- when: era_member
INSERT INTO harmonize.row_source
WITH era AS (
    SELECT 'condition_era' AS era_table, condition_era_id AS omop_id, concept_id, first_event_id FROM condition_era_kept
    UNION ALL SELECT 'drug_era', drug_era_id, concept_id, first_event_id FROM drug_era_kept
    UNION ALL SELECT 'dose_era', dose_era_id, concept_id, first_event_id FROM dose_era_kept
),
primary_of AS (
    SELECT era_table, concept_id, first_event_id, record_id, mapping_id FROM era_member WHERE event_id = first_event_id
)
SELECT DISTINCT e.era_table::harmonize.omop_table, e.omop_id, m.record_id, m.mapping_id, 'support'::harmonize.role
FROM era_member m
JOIN era e USING (era_table, concept_id, first_event_id)
ANTI JOIN primary_of USING (era_table, concept_id, first_event_id, record_id, mapping_id)
