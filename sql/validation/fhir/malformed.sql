-- Values that break the form of their element ($elements; their $codes and $kinds). A number or truth as text is told as such and
-- loaded, nothing else is. In the place of a status stands ***, or the status itself where it is only misspelt: so that the
-- reason why its resource is not loaded is told.
CREATE OR REPLACE TEMP TABLE fhir_malformed AS
WITH formed AS (
    SELECT unnest($elements) AS element, unnest($codes::VARCHAR[][]) AS codes, unnest($kinds) AS kind
),
found AS (
    SELECT f.rowid AS found, r.rowid AS resource, '$' || substr(f.path, length(r.resource_type) + 1) AS path,
           fhir_element(f.path) AS element, m.codes, m.kind, r.json
    FROM fhir_found f
    JOIN formed m ON m.element = fhir_own_element(f.path)
    JOIN fhir_resource r ON r.file_id = f.file_id AND fhir_place(r.line, r.position) = f.place
    WHERE f.rule IN ('fhir_value', 'fhir_code', 'fhir_type', 'fhir_cardinality') AND r.json IS NOT NULL
)
SELECT found, resource, path, element, ends_with(element, '.status') AS is_status,
       codes IS NOT NULL AND fhir_tells_code(value, codes) AS is_misspelt,
       CASE WHEN codes IS NOT NULL THEN false
            WHEN kind = 'number' THEN regexp_full_match(value, '[+-]?(0|[1-9][0-9]{0,6})(\.[0-9]{1,10})?([eE][+-]?[0-9]{1,2})?')
            WHEN kind = 'boolean' THEN lower(value) IN ('true', 'false', '0', '1')
            ELSE false END AS is_legible
FROM (SELECT *, json_extract_string(json, path) AS value FROM found)
WHERE value IS NOT NULL
