-- The rows that fact_relationship may name, with the concept of their domain.
-- on demand
CREATE OR REPLACE TEMP VIEW fact_row AS
SELECT r.omop_table::harmonize.omop_table AS omop_table, r.omop_id, r.person_id, d.domain_concept_id
FROM (
    SELECT 'condition_occurrence' AS omop_table, 'Condition' AS domain_id, condition_occurrence_id AS omop_id, person_id
    FROM omop.condition_occurrence
    UNION ALL SELECT 'drug_exposure', 'Drug', drug_exposure_id, person_id FROM omop.drug_exposure
    UNION ALL SELECT 'procedure_occurrence', 'Procedure', procedure_occurrence_id, person_id FROM omop.procedure_occurrence
    UNION ALL SELECT 'device_exposure', 'Device', device_exposure_id, person_id FROM omop.device_exposure
    UNION ALL SELECT 'measurement', 'Measurement', measurement_id, person_id FROM omop.measurement
    UNION ALL SELECT 'observation', 'Observation', observation_id, person_id FROM omop.observation
    UNION ALL SELECT 'note', 'Note', note_id, person_id FROM omop.note
    UNION ALL SELECT 'specimen', 'Specimen', specimen_id, person_id FROM omop.specimen
    UNION ALL SELECT 'visit_occurrence', 'Visit', visit_occurrence_id, person_id FROM omop.visit_occurrence
) r
JOIN omop.domain d USING (domain_id)
