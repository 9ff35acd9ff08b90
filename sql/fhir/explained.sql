-- What the targets of references mean that only the delivery explains: fhir_explained(scope, target, key), the key as
-- Type/id. fhir_resolved has those of each resource (resolved.sql).
CREATE OR REPLACE TEMP TABLE fhir_explained AS
SELECT t.scope, t.target,
       g.resource_type || '/' || coalesce(g.id, nullif(regexp_extract(g.full_url, '([^/:]+)$', 1), '')) AS key
FROM fhir_target t
JOIN fhir_resource g ON g.rowid = t.target_resource
WHERE t.kind IN ('urn', 'conditional', 'absolute') AND key IS NOT NULL;

CREATE OR REPLACE TEMP TABLE fhir_resolved (resource BIGINT, target VARCHAR[], key VARCHAR[])
