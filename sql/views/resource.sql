-- The staged resources as views read them; `resource` is the row of fhir_resource.
SELECT rowid AS resource, resource_type, json
FROM fhir_resource
WHERE problem IS NULL AND json IS NOT NULL AND method IS DISTINCT FROM 'DELETE'
