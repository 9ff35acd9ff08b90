-- What identifiers in references mean: fhir_logical(resource, target, key), target as a conditional reference says it
-- (Patient?identifier=system|value) for each type of which exactly one resource has the identifier, in the delivery or in the
-- store, key its Type/id.
CREATE OR REPLACE TEMP TABLE fhir_logical AS
WITH identified AS (
    SELECT resource_type AS type, resource_type || '/' || fhir_own_id(id, full_url) AS key,
           unnest(from_json(json, '{"identifier": [{"system": "VARCHAR", "value": "VARCHAR"}]}').identifier) AS identifier
    FROM fhir_resource
    WHERE problem IS NULL AND json IS NOT NULL AND method IS DISTINCT FROM 'DELETE' AND resource_type <> 'Bundle'
      AND resource_type IN (SELECT resource_type FROM fhir_key WHERE element = 'identifier') AND EXISTS (FROM fhir_logical_link)
), named AS (
    SELECT type, coalesce(identifier.system, '') AS system, identifier.value AS value, key FROM identified
    UNION ALL
    SELECT type, system, value, key FROM fhir_known_identifier
), one AS (
    SELECT type, system, value, min(key) AS key FROM named
    GROUP BY ALL HAVING min(key) = max(key) AND min(key) <> ''
)
SELECT l.resource, o.type || '?identifier=' || o.system || '|' || o.value AS target, o.key
FROM fhir_logical_link l JOIN one o USING (system, value)
