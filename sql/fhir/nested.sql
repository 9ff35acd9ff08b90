-- Resources that hold others: Bundles in Bundles, and Parameters, in whose parameters and their parts resources stand.
CREATE OR REPLACE TEMP TABLE fhir_nested AS
WITH RECURSIVE holder AS MATERIALIZED (
    SELECT rowid AS resource, file_id, line, resource_type, json,
           fhir_staging.fhir_inexact(json) AND NOT contains(json, chr(57344)) AND NOT contains(lower(json), '\ue000') AS keeps_numbers
    FROM fhir_resource
    WHERE problem IS NULL AND json IS NOT NULL AND (resource_type = 'Bundle' AND position > 0 OR resource_type = 'Parameters')
),
parameter AS (
    SELECT resource, [i] AS place, one
    FROM (SELECT resource, generate_subscripts(parameters, 1) AS i, unnest(parameters) AS one
          FROM (SELECT resource, from_json(CASE WHEN keeps_numbers THEN fhir_numbers_kept(json) ELSE json END,
                                           '{"parameter": ["JSON"]}').parameter AS parameters FROM holder
                WHERE resource_type = 'Parameters' AND json_type(json, '$.parameter') = 'ARRAY'))
    UNION ALL
    SELECT resource, list_append(place, i), one
    FROM (SELECT resource, place, generate_subscripts(parts, 1) AS i, unnest(parts) AS one
          FROM (SELECT resource, place, from_json(one, '{"part": ["JSON"]}').part AS parts FROM parameter
                WHERE json_type(one, '$.part') = 'ARRAY'))
),
held AS (
    SELECT resource, count(*) AS entries,
           '{"entry":[' || string_agg('{"resource":' || (one->'$.resource')::VARCHAR || '}', ',' ORDER BY place) || ']}' AS content
    FROM parameter
    WHERE json_type(one, '$.resource') = 'OBJECT'
    GROUP BY resource
)
SELECT h.resource, h.file_id, h.line, json_array_length(h.json, '$.entry')::BIGINT AS entries, h.json AS content
FROM holder h
WHERE h.resource_type = 'Bundle'
  AND TRY(from_json(h.json, '{"entry": [{"fullUrl": "VARCHAR", "resource": "JSON", "request": {"method": "VARCHAR"}}]}').entry) IS NOT NULL
UNION ALL
SELECT h.resource, h.file_id, h.line, p.entries, CASE WHEN h.keeps_numbers THEN fhir_numbers_back(p.content) ELSE p.content END
FROM holder h JOIN held p USING (resource)
