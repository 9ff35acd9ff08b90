-- The resource type that each target of references is, or is said to be.
CREATE OR REPLACE TEMP TABLE fhir_target_type AS
SELECT t.scope, t.target,
       coalesce(g.resource_type,
                nullif(regexp_extract(t.target, '(?:^|/)([A-Z][A-Za-z]+)(?:/[A-Za-z0-9.-]+(?:/_history/.*)?|\?.*)$', 1), '')) AS type
FROM fhir_target t LEFT JOIN fhir_resource g ON g.rowid = t.target_resource
WHERE type IS NOT NULL
