-- The elements of the resources of no patient, '' the resource as such, with the record that stands for the resource.
SELECT e.stands_for AS record_id, r.resource_type, p.path
FROM fhir_shape s
JOIN fhir_shape_path p USING (shape)
JOIN fhir_resource r ON r.rowid = s.resource
JOIN record_end e ON e.record_id = {base} + s.resource
WHERE s.resource IN (SELECT rowid FROM {shared}) AND p.path <> ''
UNION ALL
SELECT e.stands_for, r.resource_type, ''
FROM fhir_resource r
JOIN record_end e ON e.record_id = {base} + r.rowid
WHERE r.rowid IN (SELECT rowid FROM {shared})
