-- How much there is to parse of each resource type of fhir_source, in blocks of resources that stand together. No text goes
-- through a join.
SELECT resource_type, resource >> {bits} AS block, sum(size) AS size
FROM (
    SELECT rowid AS resource, resource_type, strlen(json) AS size FROM fhir_resource WHERE json IS NOT NULL
    UNION ALL
    SELECT resource, resource_type, strlen(json::VARCHAR) FROM fhir_contained
)
JOIN (SELECT record_id - {base} AS resource FROM incoming WHERE state IS NULL AND NOT is_delete) USING (resource)
GROUP BY ALL ORDER BY ALL
