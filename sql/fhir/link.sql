-- Every reference of every resource, as it is sent: fhir_link(resource, scope, bundle, server, target), the first a rowid of
-- fhir_resource.
CREATE OR REPLACE TEMP TABLE fhir_link AS
-- No other element of R4 with this name is a text; the others are objects.
SELECT resource, scope, bundle, server, told->>'$' AS target
FROM (SELECT rowid AS resource, fhir_scope(file_id, line, position, full_url) AS scope,
             fhir_bundle_number(file_id, line, position) AS bundle, fhir_server(full_url) AS server,
             unnest(list_distinct(json_extract(json, '$..reference'))) AS told
      FROM fhir_resource WHERE problem IS NULL AND resource_type <> 'Bundle')
WHERE starts_with(told, '"') AND told <> '""'
