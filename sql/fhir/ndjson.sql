-- One line of NDJSON a row. {lines} gives line and l in order; blank lines are NULL.
INSERT INTO fhir_staging.resource
SELECT $file, line, NULL, x[1], x[2], NULL, NULL, l,
       CASE WHEN x IS NULL THEN 'broken_json' WHEN x[1] IS NULL THEN 'no_resource_type' END
FROM (SELECT line, l, TRY(json_extract_string(l, ['$.resourceType', '$.id'])) AS x FROM ({lines}))
WHERE l IS NOT NULL AND (starts_with(l, '{{') OR trim(l) <> '')
