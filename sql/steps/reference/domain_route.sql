-- Domain of a standard concept → OMOP table. Of a mixed domain (Condition/Device) the first named table counts.
-- on demand
CREATE OR REPLACE TEMP TABLE domain_route AS
WITH first_named AS (
    SELECT DISTINCT domain_id, split_part(domain_id, '/', 1) AS name FROM omop.concept
)
SELECT d.domain_id, r.omop_table
FROM first_named d
JOIN (VALUES ('Condition', 'condition_occurrence'), ('Drug', 'drug_exposure'), ('Procedure', 'procedure_occurrence'),
             ('Device', 'device_exposure'), ('Measurement', 'measurement'), ('Meas', 'measurement'),
             ('Observation', 'observation'), ('Obs', 'observation')) r (name, omop_table) USING (name)
