-- The drugs of the whole store, as the steps of sql/steps name those whose ingredients they look up.
CREATE OR REPLACE TEMP TABLE drug_used AS SELECT DISTINCT drug_concept_id AS concept_id FROM omop.drug_exposure WHERE drug_concept_id <> 0
