-- What intake saw: resources that are none or of another version, types that R4 does not have.
INSERT INTO fhir_found
SELECT coalesce(problem, 'unknown_resource_type'),
       file_id, fhir_place(line, position), NULL,
       CASE WHEN problem IS NULL THEN left(resource_type, 200)
            WHEN problem = 'fhir_version' THEN (SELECT said FROM fhir_foreign_resource f WHERE f.resource = fhir_resource.rowid)
            WHEN problem = 'no_resource_type'
            THEN CASE json_type(CASE WHEN problem = 'no_resource_type' THEN json END)
                      WHEN 'ARRAY' THEN 'a JSON list' WHEN 'OBJECT' THEN 'a JSON object without resourceType'
                      ELSE 'no JSON object' END END,
       NULL,
       CASE WHEN problem IS NULL THEN $types END
FROM fhir_resource
WHERE problem IS DISTINCT FROM 'broken_json'
  AND (problem IS NOT NULL OR (resource_type <> 'Bundle' AND NOT list_contains($types, resource_type)))
