-- The first file in which most resources of a type have elements that only another version of FHIR has. An element that
-- two versions share (R5 kept few of STU3's) speaks for the version of which more elements are met.
WITH sample AS (
    SELECT unnest(arg_min(rowid, rowid, 1000)) AS resource
    FROM fhir_resource
    WHERE problem IS NULL AND json IS NOT NULL AND resource_type IN (SELECT resource_type FROM fhir_foreign)
    GROUP BY file_id, resource_type
), resource AS (
    SELECT s.resource, r.file_id, r.resource_type, json_keys(r.json) AS elements
    FROM sample s JOIN fhir_resource r ON r.rowid = s.resource
), total AS (
    SELECT file_id, resource_type, count(*) AS resources FROM resource GROUP BY ALL
), met AS (
    SELECT file_id, resource_type, resource, unnest(elements) AS element FROM resource
)
SELECT file_id, version, resource_type, list(DISTINCT element ORDER BY element) AS elements
FROM met JOIN fhir_foreign USING (resource_type, element) JOIN total USING (file_id, resource_type)
GROUP BY file_id, version, resource_type, resources
HAVING 2 * count(DISTINCT resource) > resources
ORDER BY file_id, count(*) DESC, version
LIMIT 1
