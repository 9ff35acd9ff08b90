-- Where the texts of resources of one type stand that have a hit. {parsed} is SQL of their texts alone, {texts} the list of
-- (number of the element in $elements, text, path); {resources} have their number and the path (`root`) of what is parsed.
INSERT INTO fhir_text_place
SELECT DISTINCT p.resource, p.root || p.t.path[2:] || h.below, h.element, h.rules, h.told, h.shown
FROM (SELECT resource, root, unnest({texts}) AS t FROM (SELECT resource, root, {parsed} AS r FROM {resources})) p
JOIN fhir_text_hit h ON h.read = $elements[p.t.leaf] AND h.raw = p.t.value
