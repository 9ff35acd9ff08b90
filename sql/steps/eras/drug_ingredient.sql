-- The ingredients of each drug of drug_used: standard concepts of class Ingredient that CONCEPT_ANCESTOR names; an ingredient is its own.
-- when: drug_used
CREATE OR REPLACE TEMP TABLE drug_ingredient AS
WITH pair AS MATERIALIZED (
    SELECT concept_id, concept_id AS ingredient_concept_id FROM drug_used
    UNION
    SELECT d.concept_id, a.ancestor_concept_id
    FROM drug_used d
    JOIN omop.concept_ancestor a ON a.descendant_concept_id = d.concept_id
)
SELECT p.concept_id, p.ingredient_concept_id
FROM pair p
JOIN omop.concept c ON c.concept_id = p.ingredient_concept_id
WHERE c.concept_class_id = 'Ingredient' AND c.standard_concept = 'S' AND c.invalid_reason IS NULL
