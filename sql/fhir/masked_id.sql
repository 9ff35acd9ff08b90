-- What stands for an id that identifies a person.
CREATE OR REPLACE TEMP TABLE fhir_masked_id AS
SELECT id, masked_key($project, id) AS shown FROM fhir_private_id
