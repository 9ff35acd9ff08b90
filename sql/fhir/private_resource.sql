-- A page of the resources with elements that tell who somebody is.
SELECT p.resource, r.json, p.elements
FROM (FROM fhir_private ORDER BY resource LIMIT $page OFFSET $first) p
JOIN fhir_resource r ON r.rowid = p.resource
