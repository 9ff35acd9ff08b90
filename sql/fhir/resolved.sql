-- What the references of a part of the resources mean: for each its targets, and the Type/key of each target.
INSERT INTO fhir_resolved
SELECT resource, list(target), list(key)
FROM (
    SELECT l.resource, l.target, e.key
    FROM fhir_link l JOIN fhir_explained e USING (scope, target)
    WHERE l.resource BETWEEN $first AND $last
    UNION ALL
    SELECT l.resource, l.target, any_value(c.resource_type || '/' || c.record_key)
    FROM fhir_link l
    JOIN fhir_contained c ON c.resource = l.resource AND '#' || c.id = l.target
    WHERE l.resource BETWEEN $first AND $last
    GROUP BY l.resource, l.target
    UNION ALL
    SELECT resource, target, key FROM fhir_logical WHERE resource BETWEEN $first AND $last
)
GROUP BY resource
