-- Binaries of the delivery that attachments of documents and reports name by url, and whose content is text:
-- fhir_named_binary(resource, url, held). A Binary is found as what a reference means (reference.sql): by the fullUrl of its
-- entry, else by its id on the same server; what fits several means none.
-- https://hl7.org/fhir/R4/datatypes.html#Attachment, binary.html
CREATE OR REPLACE TEMP TABLE fhir_named_binary AS
WITH held AS (
    SELECT rowid AS held, fhir_bundle_number(file_id, line, position) AS bundle, full_url, fhir_server(full_url) AS server,
           fhir_own_id(id, full_url) AS id
    FROM fhir_resource
    WHERE problem IS NULL AND resource_type = 'Binary' AND json IS NOT NULL AND method IS DISTINCT FROM 'DELETE'
      AND starts_with(coalesce(json->>'$.contentType', ''), 'text/') AND (json->>'$.data') IS NOT NULL
), home AS (
    SELECT DISTINCT fhir_server(full_url) AS server, fhir_bundle_number(file_id, line, position) AS bundle
    FROM fhir_resource WHERE fhir_server(full_url) IS NOT NULL
), named AS (
    SELECT resource, bundle, own_server, told->>'$' AS url, regexp_replace(url, '/_history/[^/]*$', '') AS plain,
           fhir_server(plain) AS said_server, coalesce(said_server, own_server) AS server,
           nullif(regexp_extract(plain, '(?:^|/)Binary/([A-Za-z0-9.-]+)$', 1), '') AS id
    FROM (SELECT rowid AS resource, fhir_bundle_number(file_id, line, position) AS bundle, fhir_server(full_url) AS own_server,
                 unnest(list_distinct(json_extract(json, '$..attachment.url') || json_extract(json, '$.presentedForm[*].url'))) AS told
          FROM fhir_resource
          WHERE problem IS NULL AND resource_type IN ('DocumentReference', 'DiagnosticReport') AND EXISTS (FROM held))
    WHERE starts_with(told, '"')
), found AS (
    SELECT n.resource, n.url, b.held, b.id,
           CASE WHEN b.bundle = n.bundle AND b.full_url = n.plain THEN 1 WHEN b.full_url = n.plain THEN 2 ELSE 3 END AS rank
    FROM named n JOIN held b ON b.full_url = n.plain
    UNION ALL
    SELECT n.resource, n.url, b.held, b.id, 3
    FROM named n JOIN held b ON b.id = n.id
    WHERE (n.server IS NULL OR b.server IS NULL OR n.server = b.server)
      AND (n.said_server IS NULL OR n.bundle NOT IN (SELECT bundle FROM home) OR n.said_server IN (SELECT server FROM home))
)
SELECT resource, url, max(held) AS held
FROM (SELECT *, min(rank) OVER (PARTITION BY resource, url) AS best FROM found)
WHERE rank = best
GROUP BY resource, url
HAVING min(id) = max(id)
