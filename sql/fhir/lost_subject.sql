-- How many changed resources would replace one of the store and name, as their patient, what neither the delivery nor the store
-- knows by that UUID or identifier; the file and line of the first.
SELECT count(*), min({'file_id': i.file_id, 'line': r.line}).file_id, min({'file_id': i.file_id, 'line': r.line}).line
FROM fhir_lost l
JOIN incoming i ON i.record_id = $base + l.resource AND i.state IS NULL
JOIN harmonize.record c ON c.key_hash = i.key_hash AND c.record_type = i.record_type
JOIN ended e ON e.record_id = c.record_id
JOIN fhir_resource r ON r.rowid = l.resource
WHERE l.kind IN ('urn', 'conditional')
  AND l.target IN (json_extract_string(r.json, '$.subject.reference'), json_extract_string(r.json, '$.patient.reference'))
