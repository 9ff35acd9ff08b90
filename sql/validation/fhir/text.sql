-- The free texts of the delivery, for the rules of privacy; tags of narratives are left out.
CREATE OR REPLACE TEMP TABLE fhir_text AS
WITH told AS (
    SELECT file_id, fhir_place(line, position) AS place, resource_type, from_json(json, '{shape}') AS r
    FROM fhir_resource
    WHERE problem IS NULL AND resource_type <> 'Bundle'
      AND regexp_matches(json, '"(?:note|valueString|conclusion|description|comment|div)"')
), text AS (
    SELECT file_id, place, resource_type, unnest(list_concat(
               [{'element': 'note[' || (i - 1) || '].text', 'value': n.text} FOR n, i IN r.note],
               [{'element': 'component[' || (i - 1) || '].valueString', 'value': c.valueString} FOR c, i IN r.component],
               [{'element': 'valueString', 'value': r.valueString}, {'element': 'conclusion', 'value': r.conclusion},
                {'element': 'description', 'value': r.description}, {'element': 'comment', 'value': r.comment},
                {'element': 'text.div', 'value': regexp_replace(r.text.div, '<[^>]*>', ' ', 'g')}]
           )) AS t
    FROM told
)
SELECT file_id, place, resource_type || '.' || t.element AS path, fhir_element(resource_type || '.' || t.element) AS element,
       t.value
FROM text WHERE t.value IS NOT NULL
