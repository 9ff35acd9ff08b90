-- Contained Medications, each with the key that references to it get: its parent's type and key, and its own id.
CREATE OR REPLACE TEMP TABLE fhir_contained AS
SELECT resource, parent || '#' || (one->>'$.id') AS record_key, one->>'$.resourceType' AS resource_type, one->>'$.id' AS id, one AS json
FROM (SELECT rowid AS resource, resource_type || '.' || coalesce(id, regexp_extract(full_url, '([^/:]+)$', 1)) AS parent,
             unnest(from_json(json, '{"contained": ["JSON"]}').contained) AS one
      FROM fhir_resource WHERE problem IS NULL AND contains(json, '"contained"'))
WHERE one->>'$.resourceType' = 'Medication' AND (one->>'$.id') IS NOT NULL
