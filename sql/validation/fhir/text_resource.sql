-- The resources of one type that have a text with a hit. {parsed}, {texts} as in text.sql; {resources} have their number.
INSERT INTO fhir_text_resource
SELECT DISTINCT resource
FROM (SELECT resource, unnest({texts}) AS t FROM (SELECT resource, {parsed} AS r FROM {resources}))
SEMI JOIN fhir_text_hit h ON h.read = $elements[t.leaf] AND h.raw = t.value
