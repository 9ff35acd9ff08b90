-- Of drugs in doubt the ingredients that the relationships of the drug lead to (ingredient_way), so that a vocabulary without
--   CONCEPT_ANCESTOR has eras, too. A drug from which none is reached has none.
-- when: drug_in_doubt
INSERT INTO drug_ingredient
WITH RECURSIVE ingredient AS MATERIALIZED (
    SELECT concept_id FROM omop.concept WHERE concept_class_id = 'Ingredient' AND standard_concept = 'S' AND invalid_reason IS NULL
),
hop AS MATERIALIZED (
    SELECT r.concept_id_1, r.concept_id_2
    FROM omop.concept_relationship r
    SEMI JOIN ingredient_way USING (relationship_id)
    ANTI JOIN ingredient i ON i.concept_id = r.concept_id_1
    WHERE r.invalid_reason IS NULL
),
way (concept_id, reached) AS (
    SELECT concept_id, concept_id FROM drug_in_doubt
    UNION
    SELECT w.concept_id, h.concept_id_2 FROM way w JOIN hop h ON h.concept_id_1 = w.reached
)
SELECT w.concept_id, w.reached FROM way w SEMI JOIN ingredient i ON i.concept_id = w.reached
