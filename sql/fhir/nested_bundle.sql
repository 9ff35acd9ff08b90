-- Bundles that are entries of Bundles, on their way to their entries, which are numbered on after the last one of the outermost.
-- Rows of fhir_nested: the wrapper (a rowid of fhir_resource), its place, its content and how many entries it has.
INSERT INTO fhir_bundle
WITH last AS (
    SELECT file_id, line, max(coalesce(position, 0)) AS position FROM fhir_resource
    WHERE (file_id, coalesce(line, 0)) IN (SELECT (file_id, coalesce(line, 0)) FROM fhir_nested)
    GROUP BY ALL
)
SELECT n.file_id, n.line,
       (1 + l.position + sum(n.entries) OVER (PARTITION BY n.file_id, n.line ORDER BY n.resource) - n.entries)::INTEGER AS first_position,
       true AS part, n.content
FROM fhir_nested n
JOIN last l ON l.file_id = n.file_id AND l.line IS NOT DISTINCT FROM n.line;

INSERT INTO fhir_holder SELECT resource FROM fhir_nested JOIN fhir_resource r ON r.rowid = resource WHERE r.resource_type = 'Parameters';

-- What is left of the wrapper: in a Bundle it is an entry, a Parameters that stands alone is around its resources.
UPDATE fhir_staging.resource
SET json = json_merge_patch(json, CASE WHEN resource_type = 'Bundle' THEN '{"entry": null}' ELSE '{"parameter": null}' END),
    position = coalesce(position, 0)
WHERE rowid IN (SELECT resource FROM fhir_nested)
