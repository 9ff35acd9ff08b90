-- Which of several codings speaks for a row of a node: one that reaches a standard concept before one that does not, then
-- the vocabulary that is standard for the node (code_priority), then a child before its parent, then the one that the user
-- selected, then the first. text is what stands for a concept without any code. (FHIR-to-OMOP f2o-034 to 036.)
-- when: codings_used
CREATE OR REPLACE TEMP TABLE coding_choice AS
WITH candidate AS (
    SELECT u.node, c.*, t.vocabulary_id, coalesce(t.source_concept_id, 0) AS concept_id,
           coalesce(t.target_concept_id, 0) <> 0 AS is_known
    FROM codings_used u
    JOIN coding_candidate c USING (codings)
    LEFT JOIN coding_target t ON t.coding = c.coding AND t.target_rank = 1
),
several AS (
    SELECT DISTINCT codings FROM coding_candidate WHERE position > 1
),
pair AS (
    SELECT DISTINCT p.codings, p.concept_id AS parent, c.concept_id AS child
    FROM candidate p
    JOIN candidate c ON c.codings = p.codings AND c.vocabulary_id = p.vocabulary_id AND c.concept_id <> p.concept_id
    WHERE p.codings IN (FROM several) AND p.concept_id <> 0 AND c.concept_id <> 0
),
parent AS (
    SELECT codings, parent FROM pair
    WHERE EXISTS (FROM omop.concept_ancestor a WHERE a.ancestor_concept_id = parent AND a.descendant_concept_id = child)
       OR EXISTS (FROM omop.concept_relationship r WHERE r.relationship_id = 'Is a' AND r.invalid_reason IS NULL
                                                     AND r.concept_id_1 = child AND r.concept_id_2 = parent)
)
SELECT c.node, c.codings, c.coding, c.text
FROM candidate c
LEFT JOIN code_priority p ON p.node = c.node AND p.vocabulary_id = c.vocabulary_id
LEFT JOIN parent a ON a.codings = c.codings AND a.parent = c.concept_id
QUALIFY row_number() OVER (PARTITION BY c.node, c.codings
    ORDER BY c.coding IS NULL, NOT c.is_known, coalesce(p.rank, 99), a.parent IS NOT NULL, NOT c.user_selected, c.position) = 1
