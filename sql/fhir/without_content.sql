-- The resources of which fhir_content_hash has nothing, as they are loaded.
CREATE OR REPLACE TEMP TABLE fhir_without_content AS
SELECT rowid AS resource, json, fhir_staging.fhir_inexact(json) AS inexact
FROM fhir_resource
WHERE problem IS NULL AND json IS NOT NULL AND rowid NOT IN (SELECT resource FROM fhir_content_hash)
