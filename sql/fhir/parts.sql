-- How much there is to parse of each resource type, in blocks of resources that stand together.
SELECT resource_type, resource >> {bits} AS block, sum(strlen(json)) AS size
FROM fhir_source GROUP BY ALL ORDER BY ALL
