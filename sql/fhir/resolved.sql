-- What the references of a resource mean that only their delivery explains: the targets and the Type/key of each.
CREATE OR REPLACE TEMP TABLE fhir_resolved AS
WITH explained AS (
    SELECT t.scope, t.target,
           g.resource_type || '/' || coalesce(g.id, nullif(regexp_extract(g.full_url, '([^/:]+)$', 1), '')) AS key
    FROM fhir_target t
    JOIN fhir_resource g ON g.rowid = t.target_resource
    WHERE t.kind IN ('urn', 'conditional', 'absolute')
)
SELECT resource, list(target) AS target, list(key) AS key
FROM (
    SELECT l.resource, l.target, e.key FROM fhir_link l JOIN explained e USING (scope, target) WHERE e.key IS NOT NULL
    UNION ALL
    SELECT l.resource, l.target, any_value(c.resource_type || '/' || c.record_key)
    FROM fhir_link l
    JOIN fhir_contained c ON c.resource = l.resource AND '#' || c.id = l.target
    GROUP BY l.resource, l.target
)
GROUP BY resource
