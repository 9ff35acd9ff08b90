-- Every reference of every resource, and what it means: fhir_reference(resource, target, kind, target_resource), the first
-- and the last being rowids of fhir_resource. target_resource is NULL where the delivery does not hold the target. What
-- is meant is found once for every target and the Bundle in which it is said (fhir_target); the view puts both together.
-- Of several versions of a resource one stands for all; what fits several resources means none of them.
-- https://hl7.org/fhir/R4/references.html#literal and http.html#trules (conditional references).
CREATE OR REPLACE TEMP TABLE fhir_link AS
-- No other element of R4 with this name is a text; the others are objects.
SELECT resource, scope, told->>'$' AS target
FROM (SELECT rowid AS resource, fhir_scope(file_id, line, position) AS scope,
             unnest(list_distinct(json_extract(json, '$..reference'))) AS told
      FROM fhir_resource WHERE problem IS NULL AND resource_type <> 'Bundle')
WHERE starts_with(told, '"') AND told <> '""';

CREATE OR REPLACE TEMP TABLE fhir_target AS
WITH target AS (
    SELECT scope, target, regexp_replace(target, '/_history/[^/]*$', '') AS plain
    FROM (SELECT DISTINCT scope, target FROM fhir_link WHERE target NOT LIKE '#%')
), split AS (
    SELECT *,
           regexp_extract(plain, '(?:^|/)([A-Z][A-Za-z]+)/([A-Za-z0-9.-]+)$', ['type', 'id']) AS key,
           CASE WHEN plain LIKE 'urn:uuid:%' THEN plain[10:] END AS uuid,
           regexp_extract(plain, '(?:^|/)([A-Z][A-Za-z]+)\?identifier=(?:([^|]*)(\|))?([^|&]+)$',
                          ['type', 'system', 'bar', 'value']) AS asked
    FROM target
), resource AS NOT MATERIALIZED (
    SELECT rowid AS resource, * FROM fhir_resource
    WHERE problem IS NULL AND json IS NOT NULL AND method IS DISTINCT FROM 'DELETE'
), by_url AS (
    SELECT full_url, max(resource) AS resource FROM resource WHERE full_url IS NOT NULL
    GROUP BY ALL HAVING min(id) IS NOT DISTINCT FROM max(id)
), by_entry AS (
    SELECT fhir_scope(file_id, line, position) AS scope, full_url, max(resource) AS resource
    FROM resource WHERE full_url IS NOT NULL GROUP BY ALL
), by_key AS (
    SELECT resource_type AS type, id, max(resource) AS resource
    FROM resource WHERE id IN (SELECT key.id FROM split) GROUP BY ALL
), by_id AS (
    SELECT id, max(resource) AS resource
    FROM resource WHERE id IN (SELECT uuid FROM split WHERE uuid IS NOT NULL)
    GROUP BY ALL HAVING min(resource_type) = max(resource_type)
), identified AS (
    SELECT resource, resource_type AS type, coalesce(id, full_url) AS id,
           unnest(from_json(json, '{"identifier": [{"system": "VARCHAR", "value": "VARCHAR"}]}').identifier) AS identifier
    FROM resource WHERE resource_type IN (SELECT asked.type FROM split)
), by_identifier AS (
    SELECT type, identifier.system AS system, identifier.value AS value, min(id) AS first_id, max(id) AS last_id,
           max(resource) AS resource
    FROM identified WHERE identifier.value IS NOT NULL GROUP BY ALL
), by_value AS (
    SELECT type, value, max(resource) AS resource FROM by_identifier GROUP BY ALL HAVING min(first_id) = max(last_id)
)
SELECT s.scope, s.target,
       CASE WHEN s.uuid IS NOT NULL OR s.plain LIKE 'urn:%' THEN 'urn' WHEN s.asked.type <> '' THEN 'conditional'
            WHEN s.plain LIKE '%://%' THEN 'absolute' WHEN s.key.type <> '' THEN 'relative' ELSE 'other' END AS kind,
       coalesce(e.resource, u.resource, k.resource, i.resource, n.resource, v.resource) AS target_resource
FROM split s
LEFT JOIN by_entry e ON e.scope = s.scope AND e.full_url = s.plain
LEFT JOIN by_url u ON u.full_url = s.plain
LEFT JOIN by_key k ON k.type = s.key.type AND k.id = s.key.id
LEFT JOIN by_id i ON i.id = s.uuid
LEFT JOIN by_identifier n ON n.type = s.asked.type AND s.asked.bar = '|' AND n.value = s.asked.value
                         AND coalesce(n.system, '') = s.asked.system AND n.first_id = n.last_id
LEFT JOIN by_value v ON v.type = s.asked.type AND s.asked.bar = '' AND v.value = s.asked.value;

CREATE OR REPLACE TEMP VIEW fhir_reference AS
SELECT l.resource, l.target, t.kind, t.target_resource FROM fhir_link l JOIN fhir_target t USING (scope, target)
UNION ALL
SELECT l.resource, l.target, 'contained',
       CASE WHEN l.target = '#' OR list_contains(json_extract_string(r.json, '$.contained[*].id'), l.target[2:])
            THEN l.resource END
FROM (FROM fhir_link WHERE target LIKE '#%') l JOIN fhir_resource r ON r.rowid = l.resource
