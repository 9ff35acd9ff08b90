-- Drugs with a concept whose ingredient nothing names, so that their exposures are in no drug era; most rows first.
SELECT 'drug_era' AS "table", 'drug_concept_id' AS "column", c.vocabulary_id, c.concept_code AS code, c.concept_name AS name,
       NULL::VARCHAR AS target, count(*) AS rows, 'no ingredient' AS why
FROM omop.drug_exposure d
JOIN drug_used u ON u.concept_id = d.drug_concept_id
ANTI JOIN drug_ingredient i ON i.concept_id = d.drug_concept_id
JOIN omop.concept c ON c.concept_id = d.drug_concept_id
GROUP BY ALL
ORDER BY count(*) DESC, c.vocabulary_id, c.concept_code
