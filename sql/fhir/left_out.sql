-- New and changed resources of types that the mapping does not read, and why.
SELECT i.record_id, 0 AS mapping_id,
       CASE WHEN b.held IS NOT NULL OR h.resource IS NOT NULL THEN 'structure'
            ELSE coalesce(x.reason, 'resource_type_not_mapped') END AS reason
FROM incoming i
JOIN fhir_type t USING (record_type)
LEFT JOIN fhir_type_reason x USING (resource_type)
-- what it holds was read as the text of a document, or stands as resources of its own
LEFT JOIN (SELECT DISTINCT held FROM fhir_named_binary) b ON {base} + b.held = i.record_id
LEFT JOIN fhir_holder h ON {base} + h.resource = i.record_id
WHERE i.state IS NULL AND t.resource_type NOT IN (SELECT resource_type FROM fhir_mapped_type)
