-- One type and id several times: the same content, versions that can be put in order, or neither.
INSERT INTO fhir_found
WITH told AS (
    SELECT rowid AS resource, file_id, fhir_place(line, position) AS place, resource_type || '/' || id AS key,
           count(*) OVER (PARTITION BY resource_type, id) AS times
    FROM fhir_resource
    WHERE problem IS NULL AND id IS NOT NULL AND json IS NOT NULL AND resource_type <> 'Bundle'
), repeated AS (
    SELECT t.*, c.hash AS content,
           json_extract_string(r.json, ['$.meta.versionId', '$.meta.lastUpdated'])::VARCHAR AS version,
           row_number() OVER (PARTITION BY key, content ORDER BY resource) AS copy
    FROM told t
    JOIN fhir_resource r ON r.rowid = t.resource
    JOIN fhir_content_hash c USING (resource)
    WHERE t.times > 1
), key AS (
    SELECT key, count(DISTINCT content) AS contents, count(DISTINCT version) AS versions FROM repeated GROUP BY key
)
SELECT CASE WHEN copy > 1 THEN 'fhir_repeated_resource' ELSE 'fhir_conflicting_resource' END,
       file_id, place, NULL, key, NULL, NULL
FROM repeated JOIN key USING (key)
WHERE copy > 1 OR versions < contents
