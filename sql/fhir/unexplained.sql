-- Whether some reference means something only within its delivery.
SELECT 1 FROM fhir_resource
WHERE problem IS NULL AND regexp_matches(json, '"reference"\s*:\s*"(urn:|#|[A-Za-z]+\?)')
LIMIT 1
