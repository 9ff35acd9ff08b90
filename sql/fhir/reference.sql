-- What every reference (fhir_link) means: fhir_reference(resource, target, kind, target_resource, known_key), the
-- first and the last but one being rowids of fhir_resource. target_resource is NULL where the delivery does not hold the target;
-- known_key then is the Type/id of the one that the store has by that identifier (known_identifier.sql). What is meant is
-- found once for every target and the scope in which it is said (fhir_target); the view puts both together.
-- Of several versions of a resource one stands for all; what fits several resources means none of them.
-- https://hl7.org/fhir/R4/references.html#literal, bundle.html#references and http.html#trules (conditional references).
CREATE OR REPLACE TEMP TABLE fhir_target AS
WITH target AS (
    SELECT scope, bundle, server AS own_server, target, regexp_replace(target, '/_history/[^/]*$', '') AS plain
    FROM (SELECT DISTINCT scope, bundle, server, target FROM fhir_link WHERE target NOT LIKE '#%')
), split AS (
    SELECT *,
           regexp_extract(plain, '(?:^|/)([A-Z][A-Za-z]+)/([A-Za-z0-9.-]+)$', ['type', 'id']) AS key,
           CASE WHEN plain LIKE 'urn:uuid:%' THEN plain[10:] END AS uuid,
           regexp_extract(plain, '(?:^|/)([A-Z][A-Za-z]+)\?identifier=(?:([^|]*)(\|))?([^|&]+)$',
                          ['type', 'system', 'bar', 'value']) AS asked,
           fhir_server(plain) AS said_server, coalesce(fhir_server(plain), own_server) AS server
    FROM target
), resource AS NOT MATERIALIZED (
    SELECT rowid AS resource, *, fhir_own_id(id, full_url) AS own_id, fhir_server(full_url) AS server
    FROM fhir_resource
    WHERE problem IS NULL AND json IS NOT NULL AND method IS DISTINCT FROM 'DELETE'
), home AS (  -- the servers whose resources these are, where their entries tell it
    SELECT DISTINCT server FROM resource WHERE server IS NOT NULL
), telling AS (  -- the Bundles that tell it
    SELECT DISTINCT fhir_bundle_number(file_id, line, position) AS bundle FROM resource WHERE server IS NOT NULL
), of_several AS (  -- what references of lines, and of other Bundles, say to be on several servers
    SELECT key.type AS type, key.id AS id FROM split
    WHERE said_server IS NOT NULL AND said_server NOT IN (FROM home) AND bundle NOT IN (FROM telling)
    GROUP BY ALL HAVING count(DISTINCT said_server) > 1
), by_url AS (
    SELECT full_url, max(resource) AS resource FROM resource WHERE full_url IS NOT NULL
    GROUP BY ALL HAVING min(id) IS NOT DISTINCT FROM max(id)
), by_entry AS (
    SELECT fhir_bundle_number(file_id, line, position) AS bundle, full_url, max(resource) AS resource
    FROM resource WHERE full_url IS NOT NULL GROUP BY ALL
), by_server AS (
    SELECT resource_type AS type, own_id AS id, server, max(resource) AS resource
    FROM resource WHERE own_id IN (SELECT key.id FROM split) GROUP BY ALL
), by_key AS (  -- untold is of a server that nothing tells, one of the only server that has it
    SELECT type, id, max(resource) FILTER (server IS NULL) AS untold,
           CASE WHEN count(DISTINCT server) <= 1 THEN coalesce(max(resource) FILTER (server IS NULL), max(resource)) END AS one
    FROM by_server GROUP BY ALL
), by_id AS (
    SELECT id, max(resource) AS resource
    FROM resource WHERE id IN (SELECT uuid FROM split WHERE uuid IS NOT NULL)
    GROUP BY ALL HAVING min(resource_type) = max(resource_type)
), identified AS (
    SELECT resource, resource_type AS type, own_id,
           unnest(from_json(json, '{"identifier": [{"system": "VARCHAR", "value": "VARCHAR"}]}').identifier) AS identifier
    FROM resource WHERE resource_type IN (SELECT asked.type FROM split)
), by_identifier AS (
    SELECT type, identifier.system AS system, identifier.value AS value, min(own_id) AS first_id, max(own_id) AS last_id,
           max(resource) AS resource
    FROM identified WHERE identifier.value IS NOT NULL GROUP BY ALL
), by_value AS (
    SELECT type, value, max(resource) AS resource FROM by_identifier GROUP BY ALL HAVING min(first_id) = max(last_id)
), meant AS (
    SELECT s.scope, s.target, s.key, s.server,
           CASE WHEN s.uuid IS NOT NULL OR s.plain LIKE 'urn:%' THEN 'urn' WHEN s.asked.type <> '' THEN 'conditional'
                WHEN s.plain LIKE '%://%' THEN 'absolute' WHEN s.key.type <> '' THEN 'relative' ELSE 'other' END AS kind,
           -- a server that is none of the delivery's, or may be either
           s.said_server IS NOT NULL
           AND CASE WHEN s.bundle IN (FROM telling) THEN s.said_server NOT IN (FROM home)
                    ELSE (s.key.type, s.key.id) IN (FROM of_several) END AS is_elsewhere,
           coalesce(e.resource, u.resource) AS addressed,
           v.resource AS of_server, k.untold, k.one, k.type IS NOT NULL AS is_held,
           i.resource AS by_uuid, n.first_id = n.last_id AS is_one, n.resource AS named, w.resource AS valued, f.key AS known,
           q.key AS known_uuid
    FROM split s
    LEFT JOIN by_entry e ON e.bundle = s.bundle AND e.full_url = s.plain
    LEFT JOIN by_url u ON u.full_url = s.plain
    LEFT JOIN by_server v ON v.type = s.key.type AND v.id = s.key.id AND v.server = s.server
    LEFT JOIN by_key k ON k.type = s.key.type AND k.id = s.key.id
    LEFT JOIN by_id i ON i.id = s.uuid
    LEFT JOIN by_identifier n ON n.type = s.asked.type AND s.asked.bar = '|' AND n.value = s.asked.value
                             AND coalesce(n.system, '') = s.asked.system
    LEFT JOIN by_value w ON w.type = s.asked.type AND s.asked.bar = '' AND w.value = s.asked.value
    LEFT JOIN fhir_known_identifier f ON f.type = s.asked.type AND s.asked.bar = '|' AND f.system = s.asked.system
                                     AND f.value = s.asked.value
    LEFT JOIN fhir_known_uuid q ON q.uuid = s.uuid
)
-- A resource of another server goes by a key that none of this one has.
SELECT scope, target, kind, target_resource, CASE WHEN target_resource IS NULL THEN known_key END AS known_key,
       CASE WHEN target_resource IS NULL AND kind IN ('absolute', 'relative') AND server IS NOT NULL AND (is_elsewhere OR is_held)
            THEN key.type || '/' || key.id || '@' || left(md5(server), 8) END AS other_key
FROM (
    SELECT *,
           coalesce(addressed,
                    CASE WHEN server IS NULL THEN one WHEN is_elsewhere THEN of_server ELSE coalesce(of_server, untold) END,
                    by_uuid, valued,
                    CASE WHEN is_one AND (known IS NULL OR known = named_key) THEN named END) AS target_resource,
           CASE WHEN named IS NULL AND known <> '' THEN known ELSE known_uuid END AS known_key
    FROM (SELECT m.*, g.resource_type || '/' || fhir_own_id(g.id, g.full_url) AS named_key
          FROM meant m LEFT JOIN fhir_resource g ON g.rowid = m.named)
);

CREATE OR REPLACE TEMP VIEW fhir_reference AS
SELECT l.resource, l.target, t.kind, t.target_resource, t.known_key FROM fhir_link l JOIN fhir_target t USING (scope, target)
UNION ALL
SELECT l.resource, l.target, 'contained',
       CASE WHEN l.target = '#' OR list_contains(json_extract_string(r.json, '$.contained[*].id'), l.target[2:])
            THEN l.resource END, NULL
FROM (FROM fhir_link WHERE target LIKE '#%') l JOIN fhir_resource r ON r.rowid = l.resource
