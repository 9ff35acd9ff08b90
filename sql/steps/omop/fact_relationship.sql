-- fact_relationship: every pair from both sides, as the CDM asks.
-- when: aimed_link
INSERT INTO omop.fact_relationship
WITH named AS (
    SELECT p.*, r.relationship_concept_id, b.relationship_concept_id AS reverse_concept_id
    FROM fact_pair p
    JOIN fact_relation f USING (relation)
    JOIN omop.relationship r USING (relationship_id)
    JOIN omop.relationship b ON b.relationship_id = r.reverse_relationship_id
    WHERE p.id_1 IS NOT NULL
)
SELECT domain_1, id_1, domain_2, id_2, relationship_concept_id FROM named
UNION
SELECT domain_2, id_2, domain_1, id_1, reverse_concept_id FROM named
