-- The servers that addresses of the delivery tell, of entries and in references.
SELECT DISTINCT server
FROM (SELECT fhir_server(full_url) AS server FROM fhir_resource
      UNION ALL SELECT fhir_server(target) FROM fhir_reference)
WHERE server IS NOT NULL
ORDER BY 1
LIMIT 3
