-- The concept that each object of a mapping (table review_object: coding) names, as far as the vocabulary has it.
SELECT s.coding, s.concept_id, s.concept_name, s.domain_id, s.standard_concept, s.invalid_reason,
    (
        SELECT string_agg(DISTINCT c.curie || ' (' || c.concept_name || ')', ', ')
        FROM (
            SELECT origin_id AS concept_id, curie, concept_name FROM coding_successor
            UNION
            SELECT m.concept_id, c.vocabulary_id || ':' || c.concept_code, c.concept_name
            FROM (SELECT o.concept_id, n.target_concept_id FROM coding_source AS o INNER JOIN coding_mapped AS n USING (coding)) AS m
            INNER JOIN omop.concept AS c ON c.concept_id = m.target_concept_id AND is_target(c.standard_concept, c.invalid_reason)
            WHERE m.concept_id <> m.target_concept_id
        ) AS c
        WHERE c.concept_id = s.concept_id
    ) AS successor
FROM coding_source AS s
WHERE s.concept_id <> 0
