-- What intake saw: resources that are none, types that R4 does not have, Bundles in Bundles, reports of errors.
INSERT INTO fhir_found
SELECT CASE WHEN problem IS NOT NULL THEN problem WHEN resource_type = 'Bundle' THEN 'nested_bundle'
            ELSE 'unknown_resource_type' END,
       file_id, fhir_place(line, position), NULL,
       CASE WHEN problem IS NULL THEN left(resource_type, 200)
            WHEN problem = 'no_resource_type'
            THEN CASE json_type(CASE WHEN problem = 'no_resource_type' THEN json END)
                      WHEN 'ARRAY' THEN 'a JSON list' WHEN 'OBJECT' THEN 'a JSON object without resourceType'
                      ELSE 'no JSON object' END END,
       NULL,
       CASE WHEN problem IS NULL AND resource_type <> 'Bundle' THEN $types END
FROM fhir_resource
WHERE problem IS DISTINCT FROM 'broken_json'
  AND (problem IS NOT NULL OR (resource_type = 'Bundle' AND position > 0 AND json_exists(json, '$.entry'))
       OR (resource_type <> 'Bundle' AND NOT list_contains($types, resource_type)))
