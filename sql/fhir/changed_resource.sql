-- A page of the resources with values in whose place others are loaded (fhir_cell).
SELECT c.resource, r.json, c.paths, c.shown
FROM (SELECT resource, list(path) AS paths, list(shown) AS shown FROM fhir_cell GROUP BY resource ORDER BY resource
      LIMIT $page OFFSET $first) c
JOIN fhir_resource r ON r.rowid = c.resource
