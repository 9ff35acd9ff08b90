-- The concept that each object of a mapping (table review_object: coding) names, as far as the vocabulary has it.
SELECT s.coding, s.concept_id, s.concept_name, s.domain_id, s.standard_concept, s.invalid_reason,
    (
        SELECT string_agg(DISTINCT c.vocabulary_id || ':' || c.concept_code || ' (' || c.concept_name || ')', ', ')
        FROM omop.concept_relationship AS r
        INNER JOIN omop.concept AS c ON c.concept_id = r.concept_id_2 AND c.standard_concept = 'S'
        WHERE r.concept_id_1 = s.concept_id AND r.relationship_id IN ('Maps to', 'Concept replaced by')
            AND r.invalid_reason IS NULL AND r.concept_id_2 <> r.concept_id_1
    ) AS successor
FROM coding_source AS s
WHERE s.concept_id <> 0
