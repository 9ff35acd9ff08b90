-- The valid standard concepts that follow a concept which is none (temp table coding_retired: concept_id), over any number of
-- *Concept replaced by* and *Maps to*. Each is followed once, so a circle ends; nothing is read where nothing is retired.
CREATE OR REPLACE TEMP TABLE coding_successor AS
WITH RECURSIVE followed AS (
    SELECT concept_id AS origin_id, concept_id, false AS is_target FROM coding_retired
    UNION
    SELECT f.origin_id, c.concept_id, is_target(c.standard_concept, c.invalid_reason)
    FROM followed AS f
    INNER JOIN omop.concept_relationship AS r
        ON r.concept_id_1 = f.concept_id AND r.relationship_id IN ('Concept replaced by', 'Maps to') AND r.invalid_reason IS NULL
        AND r.concept_id_2 <> r.concept_id_1
    INNER JOIN omop.concept AS c ON c.concept_id = r.concept_id_2
    WHERE NOT f.is_target
)
SELECT DISTINCT f.origin_id, c.concept_id, c.concept_name, c.domain_id, c.vocabulary_id || ':' || c.concept_code AS curie
FROM followed AS f
INNER JOIN omop.concept AS c USING (concept_id)
WHERE f.is_target
