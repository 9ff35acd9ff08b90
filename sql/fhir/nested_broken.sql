-- Bundles in Bundles whose entries are no list of objects.
UPDATE fhir_staging.resource SET problem = 'broken_entries'
WHERE resource_type = 'Bundle' AND position > 0 AND problem IS NULL AND json_type(json, '$.entry') IS NOT NULL
