-- What a concept maps to, and its parents and children, one step away; of very many children the first.
SELECT 'maps_to' AS kind, c.concept_id, c.vocabulary_id || ':' || c.concept_code AS code, c.concept_name AS name
FROM omop.concept_relationship AS r
INNER JOIN omop.concept AS c ON c.concept_id = r.concept_id_2
WHERE r.concept_id_1 = $concept_id AND r.concept_id_2 <> $concept_id AND r.relationship_id = 'Maps to'
    AND r.invalid_reason IS NULL
UNION ALL
SELECT
    CASE WHEN a.descendant_concept_id = $concept_id THEN 'parents' ELSE 'children' END,
    c.concept_id, c.vocabulary_id || ':' || c.concept_code, c.concept_name
FROM omop.concept_ancestor AS a
INNER JOIN omop.concept AS c
    ON c.concept_id = CASE WHEN a.descendant_concept_id = $concept_id THEN a.ancestor_concept_id ELSE a.descendant_concept_id END
WHERE a.min_levels_of_separation = 1
    AND (a.descendant_concept_id = $concept_id OR a.ancestor_concept_id = $concept_id)
ORDER BY kind DESC, name, concept_id
LIMIT 400
