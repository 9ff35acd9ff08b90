-- The concept that each coding of coding_source maps to, whatever it is: by a valid Maps to, or by a value set.
CREATE OR REPLACE TEMP TABLE coding_mapped AS
SELECT s.coding, r.concept_id_2 AS target_concept_id
FROM coding_source AS s
INNER JOIN omop.concept_relationship AS r
    ON r.concept_id_1 = s.concept_id AND r.relationship_id = 'Maps to' AND r.invalid_reason IS NULL
WHERE s.concept_id <> 0
UNION
SELECT s.coding, m.target_concept_id
FROM coding_source AS s
INNER JOIN omop.source_to_concept_map AS m
    ON m.source_vocabulary_id = s.vocabulary_id AND m.source_code = s.code AND m.invalid_reason IS NULL
WHERE m.target_concept_id <> 0
