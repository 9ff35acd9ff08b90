-- What each value set subject stands for: its object where the vocabulary holds it as a standard concept, nothing
-- followed; else target 0.
CREATE OR REPLACE TEMP TABLE value_set_target AS
SELECT DISTINCT
    v.vocabulary_id, v.code, v.label, k.concept_id AS source_concept_id,
    CASE WHEN s.standard_concept = 'S' THEN s.concept_id ELSE 0 END AS target_concept_id,
    CASE WHEN s.standard_concept = 'S' THEN split_part(s.curie, ':', 1) ELSE 'None' END AS target_vocabulary_id,
    CASE WHEN s.standard_concept = 'S' THEN s.domain_id END AS target_domain_id
FROM harmonize.value_set AS v
INNER JOIN harmonize.custom_concept AS k USING (vocabulary_id, code)
LEFT JOIN coding_source AS s ON s.coding = v.object
