SELECT i.record_id, 0 AS mapping_id, coalesce(x.reason, 'resource_type_not_mapped') AS reason
FROM incoming i
JOIN fhir_type t USING (record_type)
LEFT JOIN fhir_type_reason x USING (resource_type)
WHERE i.state IS NULL AND t.resource_type NOT IN (SELECT resource_type FROM fhir_mapped_type)
