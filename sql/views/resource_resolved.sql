-- The staged resources as views read them, with what those of their references mean that only the delivery explains.
SELECT r.rowid AS resource, r.resource_type, r.json, {'target': t.target, 'key': t.key} AS _references
FROM fhir_resource r
LEFT JOIN (SELECT resource, list(target) AS target, list(key) AS key
           FROM (SELECT l.resource, l.target,
                        CASE WHEN f.target_resource IS NULL THEN f.other_key
                             ELSE g.resource_type || '/' || fhir_own_id(g.id, g.full_url) END AS key
                 FROM fhir_link l
                 JOIN fhir_target f USING (scope, target)
                 LEFT JOIN fhir_resource g ON g.rowid = f.target_resource
                 WHERE f.kind IN ('urn', 'conditional', 'absolute') OR f.other_key IS NOT NULL
                 UNION ALL
                 SELECT resource, target, key FROM fhir_logical)
           WHERE key IS NOT NULL
           GROUP BY resource) t ON t.resource = r.rowid
WHERE r.problem IS NULL AND r.json IS NOT NULL AND r.method IS DISTINCT FROM 'DELETE'
