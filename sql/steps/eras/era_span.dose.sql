-- Drugs whose daily dose is known: of forms with a fixed amount (tablets, capsules), which DRUG_STRENGTH tells, the amount times the
--   quantity over the days of supply. The quantity of a liquid, a spray or a patch is stated in ways that this does not tell.
-- when: drug_kept
-- when: omop.drug_strength
INSERT INTO era_span BY NAME
WITH strength AS (
    SELECT s.drug_concept_id AS concept_id, s.ingredient_concept_id,
           min(s.amount_unit_concept_id) AS unit_concept_id, sum(s.amount_value) AS amount
    FROM omop.drug_strength s
    SEMI JOIN drug_used u ON u.concept_id = s.drug_concept_id
    SEMI JOIN drug_ingredient i ON i.concept_id = s.drug_concept_id AND i.ingredient_concept_id = s.ingredient_concept_id
    WHERE s.amount_value > 0 AND s.amount_unit_concept_id > 0 AND s.invalid_reason IS NULL
    GROUP BY ALL
    HAVING count(DISTINCT s.amount_unit_concept_id) = 1
)
SELECT 'dose_era' AS era_table, person_id, ingredient_concept_id AS concept_id, unit_concept_id,
       format('{:.9g}', amount * quantity / days_supply)::DOUBLE AS dose, drug_exposure_id AS event_id,
       first, greatest(last, first) AS last, record_id, mapping_id
FROM drug_kept
JOIN strength USING (concept_id)
WHERE quantity > 0 AND days_supply > 0
