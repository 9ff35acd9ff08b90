-- What the references of a resource mean that only their delivery explains, as Type/key.
CREATE OR REPLACE TEMP TABLE fhir_resolved AS
SELECT resource, map(list(target), list(key)) AS resolved
FROM (
    SELECT f.resource, f.target,
           g.resource_type || '/' || coalesce(g.id, nullif(regexp_extract(g.full_url, '([^/:]+)$', 1), '')) AS key
    FROM fhir_reference f
    JOIN fhir_resource g ON g.rowid = f.target_resource
    WHERE f.kind IN ('urn', 'conditional', 'absolute')
    UNION
    SELECT f.resource, f.target, c.resource_type || '/' || c.record_key
    FROM fhir_reference f
    JOIN fhir_contained c ON c.resource = f.resource AND '#' || c.id = f.target
    WHERE f.kind = 'contained'
)
WHERE key IS NOT NULL
GROUP BY resource
