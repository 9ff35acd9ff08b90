-- The ingredients of each drug of drug_used: standard concepts of class Ingredient that CONCEPT_ANCESTOR names; where it names none, those
--   that the relationships of the drug lead to (ingredient_way), so that a vocabulary without that table has eras, too. An ingredient
--   is its own. A drug of which nothing names an ingredient, such as a vaccine of CVX, has none.
-- when: drug_used
CREATE OR REPLACE TEMP TABLE drug_ingredient AS
WITH RECURSIVE ingredient AS (
    SELECT concept_id FROM omop.concept WHERE concept_class_id = 'Ingredient' AND standard_concept = 'S' AND invalid_reason IS NULL
),
descended AS (
    SELECT DISTINCT d.concept_id, a.ancestor_concept_id AS ingredient_concept_id
    FROM drug_used d
    JOIN omop.concept_ancestor a ON a.descendant_concept_id = d.concept_id
    SEMI JOIN ingredient i ON i.concept_id = a.ancestor_concept_id
),
way (concept_id, reached) AS (
    SELECT concept_id, concept_id FROM drug_used ANTI JOIN descended USING (concept_id)
    UNION
    SELECT w.concept_id, r.concept_id_2
    FROM (FROM way ANTI JOIN ingredient i ON i.concept_id = way.reached) w
    JOIN omop.concept_relationship r ON r.concept_id_1 = w.reached
    SEMI JOIN ingredient_way USING (relationship_id)
    WHERE r.invalid_reason IS NULL
)
FROM descended
UNION ALL
SELECT w.concept_id, w.reached FROM way w SEMI JOIN ingredient i ON i.concept_id = w.reached
