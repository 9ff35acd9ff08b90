-- What a test is made of, where the vocabulary relates it to its parts (those of LOINC come with a full download).
SELECT r.relationship_id, string_agg(c.concept_name, ', ' ORDER BY c.concept_name) AS name
FROM omop.concept_relationship AS r
INNER JOIN omop.concept AS c ON c.concept_id = r.concept_id_2
WHERE r.concept_id_1 = $concept_id AND r.invalid_reason IS NULL AND list_contains($relations, r.relationship_id)
GROUP BY r.relationship_id
