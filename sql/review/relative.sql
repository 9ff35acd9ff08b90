-- Parents and children of a concept, one step away.
SELECT
    CASE WHEN a.descendant_concept_id = $concept_id THEN 'parent' ELSE 'child' END AS kind,
    c.vocabulary_id || ':' || c.concept_code AS code, c.concept_name AS name
FROM omop.concept_ancestor AS a
INNER JOIN omop.concept AS c
    ON c.concept_id = CASE WHEN a.descendant_concept_id = $concept_id THEN a.ancestor_concept_id ELSE a.descendant_concept_id END
WHERE a.min_levels_of_separation = 1
    AND (a.descendant_concept_id = $concept_id OR a.ancestor_concept_id = $concept_id)
ORDER BY kind DESC, name
LIMIT 20
