-- Bundles that are lines of NDJSON.
INSERT INTO fhir_bundle
SELECT file_id, line, 1, false, json FROM fhir_resource WHERE resource_type = 'Bundle' AND file_id = {file} AND position IS NULL;

DELETE FROM fhir_staging.resource WHERE resource_type = 'Bundle' AND file_id = {file} AND position IS NULL
