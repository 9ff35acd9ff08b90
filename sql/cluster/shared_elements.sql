-- The elements of the resources of no patient, '' the resource as such.
SELECT s.resource, r.resource_type, p.path
FROM fhir_shape s
JOIN fhir_shape_path p USING (shape)
JOIN fhir_resource r ON r.rowid = s.resource
WHERE s.resource IN (SELECT rowid FROM {shared}) AND p.path <> ''
UNION ALL
SELECT rowid, resource_type, '' FROM fhir_resource WHERE rowid IN (SELECT rowid FROM {shared})
