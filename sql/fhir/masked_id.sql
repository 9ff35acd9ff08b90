-- What stands for an id that tells who somebody is.
CREATE OR REPLACE TEMP TABLE fhir_masked_id AS
SELECT id, masked_key($project, id) AS shown FROM fhir_private_id
