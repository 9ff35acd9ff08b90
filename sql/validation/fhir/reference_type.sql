-- References that lead to a resource of a type that their element does not take (fhir_reference_type: element, types). The
-- type is that of the resource in the delivery, else the one that the reference names.
INSERT INTO fhir_found
WITH told AS (
    {told}
)
SELECT 'fhir_reference_type', t.file_id, t.place, t.resource_type || '.' || t.element || '.reference',
       coalesce(g.resource_type, nullif(regexp_extract(t.target, '(?:^|/)([A-Z][A-Za-z]+)(?:/[A-Za-z0-9.-]+(?:/_history/.*)?|\?.*)$', 1), '')) AS found,
       'one to ' || y.types, NULL
FROM told t
JOIN fhir_reference_type y USING (element)
LEFT JOIN fhir_reference f ON f.resource = t.resource AND f.target = t.target AND f.kind <> 'contained'
LEFT JOIN fhir_resource g ON g.rowid = f.target_resource
WHERE t.target NOT LIKE '#%' AND NOT list_contains(string_split(y.types, ', '), found)
