-- Patients that are not active (a modifier element: such a record "should not be treated as valid"), but those whom another one
-- replaces.
INSERT INTO fhir_found
SELECT 'fhir_inactive_patient', file_id, fhir_place(line, position), NULL, NULL, NULL, NULL
FROM fhir_resource
WHERE resource_type = 'Patient' AND problem IS NULL AND json IS NOT NULL AND json->>'$.active' = 'false'
  AND NOT list_contains(coalesce(json->>'$.link[*].type', []), 'replaced-by')
