-- The staged resources as views read them, with what their references by UUID and by identifier mean in the delivery.
SELECT r.rowid AS resource, r.resource_type, r.json, {'target': t.target, 'key': t.key} AS _references
FROM fhir_resource r
LEFT JOIN (SELECT f.resource, list(f.target) AS target, list(g.resource_type || '/' || g.id) AS key
           FROM fhir_reference f JOIN fhir_resource g ON g.rowid = f.target_resource
           WHERE f.kind IN ('urn', 'conditional', 'absolute') AND g.id IS NOT NULL
           GROUP BY f.resource) t ON t.resource = r.rowid
WHERE r.problem IS NULL AND r.json IS NOT NULL AND r.method IS DISTINCT FROM 'DELETE'
