-- Whole files, each a resource; Bundles go on to fhir_bundle. {documents} gives file_id and content.
CREATE OR REPLACE TEMP TABLE fhir_document AS
SELECT file_id, content, TRY(json_extract_string(content, ['$.resourceType', '$.id'])) AS x
FROM (SELECT file_id, ltrim(content, chr(65279)) AS content FROM ({documents}));

INSERT INTO fhir_bundle SELECT file_id, NULL, 1, false, content FROM fhir_document WHERE x[1] = 'Bundle';

INSERT INTO fhir_staging.resource
SELECT file_id, NULL, NULL, x[1], x[2], NULL, NULL, content,
       CASE WHEN x IS NULL THEN 'broken_json' WHEN x[1] IS NULL THEN 'no_resource_type' END
FROM fhir_document WHERE x[1] IS DISTINCT FROM 'Bundle';

DROP TABLE fhir_document
