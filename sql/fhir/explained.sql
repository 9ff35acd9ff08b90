-- What the targets of references mean that only the delivery explains: fhir_explained(scope, target, key), the key as
-- Type/id. fhir_resolved has those of each resource (resolved.sql).
CREATE OR REPLACE TEMP TABLE fhir_explained AS
SELECT t.scope, t.target,
       coalesce(g.resource_type || '/' || fhir_own_id(g.id, g.full_url), t.known_key, t.other_key) AS key
FROM fhir_target t
LEFT JOIN fhir_resource g ON g.rowid = t.target_resource
WHERE (t.kind IN ('urn', 'conditional', 'absolute') OR t.other_key IS NOT NULL) AND key IS NOT NULL;

CREATE OR REPLACE TEMP TABLE fhir_resolved (resource BIGINT, target VARCHAR[], key VARCHAR[])
