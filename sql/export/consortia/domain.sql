-- Which table the facts of a domain are in: a relationship between facts names the concept of the domain. CDM tables: {cdm}.
CREATE OR REPLACE TEMP TABLE form_domain AS
WITH domain_table (domain_id, table_name) AS (
    VALUES ('Condition', 'condition_occurrence'), ('Drug', 'drug_exposure'), ('Procedure', 'procedure_occurrence'),
           ('Device', 'device_exposure'), ('Measurement', 'measurement'), ('Observation', 'observation'), ('Note', 'note'),
           ('Specimen', 'specimen'), ('Visit', 'visit_occurrence'), ('Person', 'person'), ('Provider', 'provider')
)
SELECT d.domain_concept_id AS concept_id, t.table_name FROM {cdm}.domain d JOIN domain_table t USING (domain_id)
