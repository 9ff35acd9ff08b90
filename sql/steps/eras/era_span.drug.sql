-- Drugs, once for each of their ingredients.
-- when: drug_kept
INSERT INTO era_span BY NAME
SELECT 'drug_era' AS era_table, person_id, ingredient_concept_id AS concept_id, drug_exposure_id AS event_id,
       first, greatest(last, first) AS last, record_id, mapping_id
FROM drug_kept
JOIN drug_ingredient USING (concept_id)
