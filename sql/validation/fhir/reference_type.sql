-- References of one element ({element}) that lead to a resource of a type that it does not take ({types}). The type is that
-- of the resource in the delivery, else the one that the reference names.
INSERT INTO fhir_found
SELECT 'fhir_reference_type', c.file_id, c.place, c.resource_type || '.{element}.reference', t.type, 'one to {types}', NULL
FROM fhir_content c
JOIN (FROM fhir_target_type WHERE type NOT IN (SELECT unnest(string_split('{types}', ', ')))) t
  ON t.scope = c.scope AND t.target = c.r.{element}.reference
