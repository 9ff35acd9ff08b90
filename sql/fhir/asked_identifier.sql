-- The identifiers by which references name resources: of logical ones (Reference.identifier, which alone is no list), each with
-- the rowid of the resource that says it, and of conditional ones (Patient?identifier=system|value).
-- https://hl7.org/fhir/R4/references.html#logical
CREATE OR REPLACE TEMP TABLE fhir_logical_link AS
SELECT DISTINCT resource, coalesce(told->>'$.system', '') AS system, told->>'$.value' AS value
FROM (SELECT rowid AS resource, unnest(json_extract(json, '$..identifier')) AS told
      FROM fhir_resource
      WHERE problem IS NULL AND resource_type <> 'Bundle' AND regexp_matches(json, '"identifier"\s*:\s*\{'))
WHERE starts_with(told, '{') AND (told->>'$.value') IS NOT NULL;

CREATE OR REPLACE TEMP TABLE fhir_asked_identifier AS
SELECT DISTINCT system, value FROM fhir_logical_link
UNION
SELECT asked.system, asked.value
FROM (SELECT regexp_extract(told->>'$', '\?identifier=([^|]*)\|([^|&]+)$', ['system', 'value']) AS asked
      FROM (SELECT unnest(json_extract(json, '$..reference')) AS told
            FROM fhir_resource WHERE problem IS NULL AND resource_type <> 'Bundle' AND contains(json, '?identifier='))
      WHERE starts_with(told, '"'))
WHERE asked.value <> ''
