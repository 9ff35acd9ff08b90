-- The texts of some resources of one type; what resources have alike is listed once. {parsed} is SQL of their texts alone,
-- {texts} the list of (number of the element in $elements, text).
INSERT INTO fhir_raw
SELECT DISTINCT $elements[t.leaf], t.value, $whole[t.leaf]
FROM (SELECT unnest({texts}) AS t FROM (SELECT {parsed} AS r FROM {resources} GROUP BY r))
WHERE t.value IS NOT NULL
