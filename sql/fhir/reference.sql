-- Every reference of every resource, and what it means: fhir_reference(resource, target, kind, target_resource), the first
-- and the last being rowids of fhir_resource. target_resource is NULL where the delivery does not hold the target.
-- https://hl7.org/fhir/R4/references.html#literal and http.html#trules (conditional references).
CREATE OR REPLACE TEMP TABLE fhir_link AS
-- No other element of R4 with this name is a string; a quote inside of a text has a backslash before it.
SELECT rowid AS resource, CASE WHEN position IS NOT NULL THEN file_id END AS file_id,
       CASE WHEN position IS NOT NULL THEN line END AS line,
       replace(unnest(list_distinct(regexp_extract_all(json, '"reference"\s*:\s*"((?:[^"\\]|\\.)+)"', 1))),
               '\/', '/') AS target
FROM fhir_resource WHERE problem IS NULL AND resource_type <> 'Bundle';

CREATE OR REPLACE TEMP TABLE fhir_reference AS
WITH target AS (
    SELECT DISTINCT file_id, line, target, regexp_replace(target, '/_history/[^/]*$', '') AS plain
    FROM fhir_link WHERE target NOT LIKE '#%'
), split AS (
    SELECT *,
           regexp_extract(plain, '(?:^|/)([A-Z][A-Za-z]+)/([A-Za-z0-9.-]+)$', ['type', 'id']) AS key,
           CASE WHEN plain LIKE 'urn:uuid:%' THEN plain[10:] END AS uuid,
           regexp_extract(plain, '(?:^|/)([A-Z][A-Za-z]+)\?identifier=(?:([^|]*)(\|))?([^|&]+)$',
                          ['type', 'system', 'bar', 'value']) AS asked
    FROM target
), resource AS (
    SELECT rowid AS resource, * FROM fhir_resource
    WHERE problem IS NULL AND json IS NOT NULL AND method IS DISTINCT FROM 'DELETE'
), by_url AS (
    SELECT full_url, max(resource) AS resource FROM resource WHERE full_url IS NOT NULL GROUP BY ALL
), by_entry AS (
    SELECT file_id, coalesce(line, -1) AS line, full_url, max(resource) AS resource
    FROM resource WHERE full_url IS NOT NULL GROUP BY ALL
), by_key AS (
    SELECT resource_type AS type, id, max(resource) AS resource
    FROM resource WHERE id IN (SELECT key.id FROM split) GROUP BY ALL
), by_id AS (
    SELECT id, max(resource) AS resource
    FROM resource WHERE id IN (SELECT uuid FROM split WHERE uuid IS NOT NULL) GROUP BY ALL
), identified AS (
    SELECT resource, resource_type AS type,
           unnest(from_json(json, '{"identifier": [{"system": "VARCHAR", "value": "VARCHAR"}]}').identifier) AS identifier
    FROM resource WHERE resource_type IN (SELECT asked.type FROM split)
), by_identifier AS (
    SELECT type, identifier.system AS system, identifier.value AS value, max(resource) AS resource
    FROM identified WHERE identifier.value IS NOT NULL GROUP BY ALL
), by_value AS (
    SELECT type, value, max(resource) AS resource FROM by_identifier GROUP BY ALL
), resolved AS (
    SELECT s.file_id, s.line, s.target,
           CASE WHEN s.uuid IS NOT NULL OR s.plain LIKE 'urn:%' THEN 'urn' WHEN s.asked.type <> '' THEN 'conditional'
                WHEN s.plain LIKE '%://%' THEN 'absolute' WHEN s.key.type <> '' THEN 'relative' ELSE 'other' END AS kind,
           coalesce(e.resource, u.resource, k.resource, i.resource, n.resource, v.resource) AS resource
    FROM split s
    LEFT JOIN by_entry e ON e.file_id = s.file_id AND e.line = coalesce(s.line, -1) AND e.full_url = s.plain
    LEFT JOIN by_url u ON u.full_url = s.plain
    LEFT JOIN by_key k ON k.type = s.key.type AND k.id = s.key.id
    LEFT JOIN by_id i ON i.id = s.uuid
    LEFT JOIN by_identifier n ON n.type = s.asked.type AND s.asked.bar = '|' AND n.value = s.asked.value
                             AND coalesce(n.system, '') = s.asked.system
    LEFT JOIN by_value v ON v.type = s.asked.type AND s.asked.bar = '' AND v.value = s.asked.value
)
SELECT t.resource, t.target, r.kind, r.resource AS target_resource
FROM fhir_link t JOIN resolved r ON r.target = t.target AND r.file_id IS NOT DISTINCT FROM t.file_id
                           AND r.line IS NOT DISTINCT FROM t.line
UNION ALL
SELECT t.resource, t.target, 'contained',
       CASE WHEN t.target = '#' OR list_contains(json_extract_string(r.json, '$.contained[*].id'), t.target[2:])
            THEN t.resource END
FROM (FROM fhir_link WHERE target LIKE '#%') t JOIN fhir_resource r ON r.rowid = t.resource;

DROP TABLE fhir_link
