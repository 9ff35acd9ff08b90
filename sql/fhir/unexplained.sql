-- Whether some reference means something only within its delivery.
SELECT 1 FROM fhir_target WHERE kind IN ('urn', 'conditional', 'absolute') OR other_key IS NOT NULL
UNION ALL
SELECT 1 FROM fhir_logical
UNION ALL
SELECT 1 FROM fhir_link WHERE starts_with(target, '#')
LIMIT 1
