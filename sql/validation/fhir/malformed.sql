-- Values that break the form of their element ($elements; their $codes and $kinds), and what is loaded of them: nothing, or
-- *** of a code, so that its reason stays. A number or truth as text is loaded as before, and so is a code that only
-- its spelling tells from a right one, or of one or two letters.
INSERT INTO fhir_cell
WITH formed AS (
    SELECT unnest($elements) AS element, unnest($codes::VARCHAR[][]) AS codes, unnest($kinds) AS kind
),
found AS (
    SELECT DISTINCT r.rowid AS resource, '$' || substr(f.path, length(r.resource_type) + 1) AS path, fhir_element(f.path) AS element, m.codes, m.kind, r.json
    FROM fhir_found f
    JOIN formed m ON m.element = fhir_own_element(f.path)
    JOIN fhir_resource r ON r.file_id = f.file_id AND fhir_place(r.line, r.position) = f.place
    WHERE f.rule IN ('fhir_value', 'fhir_code', 'fhir_type', 'fhir_cardinality') AND r.json IS NOT NULL
)
SELECT resource, path, element, CASE WHEN codes IS NOT NULL THEN '***' END
FROM (SELECT *, json_extract_string(json, path) AS value FROM found)
WHERE value IS NOT NULL
  AND NOT CASE WHEN codes IS NOT NULL THEN fhir_tells_code(value, codes)
               WHEN kind = 'number' THEN regexp_full_match(value, '[+-]?(0|[1-9][0-9]{0,6})(\.[0-9]{1,10})?([eE][+-]?[0-9]{1,2})?')
               WHEN kind = 'boolean' THEN lower(value) IN ('true', 'false', '0', '1')
               ELSE false END
