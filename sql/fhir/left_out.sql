SELECT i.record_id, 0 AS mapping_id,
       CASE WHEN h.resource IS NOT NULL THEN 'structure' ELSE coalesce(x.reason, 'resource_type_not_mapped') END AS reason
FROM incoming i
JOIN fhir_type t USING (record_type)
LEFT JOIN fhir_type_reason x USING (resource_type)
LEFT JOIN fhir_holder h ON h.resource = i.record_id - {base}
WHERE i.state IS NULL AND t.resource_type NOT IN (SELECT resource_type FROM fhir_mapped_type)
