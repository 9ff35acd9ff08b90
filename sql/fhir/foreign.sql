-- The types of which some have an element of another version.
CREATE OR REPLACE TEMP TABLE fhir_foreign_type AS
SELECT DISTINCT resource_type FROM fhir_key JOIN fhir_foreign USING (resource_type, element);

-- The resources that are of another version of FHIR: what of them that version alone has (fhir_foreign) tells it. Where most
-- resources of a type in a file have such elements, each that has one is of that version; else one that has two of them: a stray
-- element is an error of its own. An element that versions share speaks for the version of which the resource, then the file, has more.
CREATE OR REPLACE TEMP TABLE fhir_foreign_resource AS
WITH resource AS (
    SELECT rowid AS resource, file_id, resource_type, json FROM fhir_resource
    WHERE problem IS NULL AND json IS NOT NULL AND resource_type IN (FROM fhir_foreign_type)
), told AS (
    SELECT resource, file_id, resource_type, version, list(element ORDER BY element) AS elements
    FROM (SELECT resource, file_id, resource_type, unnest(json_keys(json)) AS element FROM resource)
    JOIN fhir_foreign USING (resource_type, element)
    GROUP BY ALL
), counted AS (
    SELECT *, sum(len(elements)) OVER (PARTITION BY file_id, resource_type, version) AS elements_of_file FROM told
), chosen AS (
    SELECT resource, file_id, resource_type,
           arg_max({'version': version, 'elements': elements},
                   (len(elements), elements_of_file, list_position(['DSTU2', 'STU3', 'R5'], version))) AS told
    FROM counted
    GROUP BY ALL
), total AS (
    SELECT file_id, resource_type, count(*) AS resources FROM resource
    WHERE (file_id, resource_type) IN (SELECT (file_id, resource_type) FROM told)
    GROUP BY ALL
)
SELECT resource, file_id, resource_type, told.version || ' (' || array_to_string(told.elements[:5], ', ') || ')' AS said
FROM (SELECT *, count(*) OVER (PARTITION BY file_id, resource_type) AS met FROM chosen) JOIN total USING (file_id, resource_type)
WHERE 2 * met > resources OR len(told.elements) > 1;

UPDATE fhir_staging.resource SET problem = 'fhir_version'
WHERE rowid IN (SELECT resource FROM fhir_foreign_resource)
