-- The elements that resources of each type have.
CREATE OR REPLACE TEMP TABLE fhir_key AS
SELECT DISTINCT resource_type, unnest(json_keys(json)) AS element FROM fhir_resource WHERE problem IS NULL AND json IS NOT NULL
