-- A page of the resources whose attachments name Binaries, with what these hold.
SELECT n.resource, r.json, n.urls, n.texts
FROM (SELECT n.resource, list(n.url) AS urls, list(b.json) AS texts
      FROM fhir_named_binary n JOIN fhir_resource b ON b.rowid = n.held
      WHERE n.resource IN (SELECT DISTINCT resource FROM fhir_named_binary ORDER BY ALL LIMIT $page OFFSET $first)
      GROUP BY n.resource) n
JOIN fhir_resource r ON r.rowid = n.resource
ORDER BY n.resource
