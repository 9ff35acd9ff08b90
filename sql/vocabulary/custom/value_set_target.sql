-- What each value set subject stands for: its object where the vocabulary holds it as a valid standard concept, what replaces
-- it or it maps to where it is retired (never what another non-standard one maps to: the value set is to name that); else 0.
CREATE OR REPLACE TEMP TABLE value_set_target AS
WITH object AS (
    SELECT coding, concept_id, curie, domain_id FROM coding_source WHERE is_target(standard_concept, invalid_reason)
    UNION
    SELECT s.coding, n.concept_id, n.curie, n.domain_id
    FROM coding_source AS s
    INNER JOIN coding_successor AS n ON n.origin_id = s.concept_id
    UNION
    SELECT s.coding, c.concept_id, c.vocabulary_id || ':' || c.concept_code, c.domain_id
    FROM coding_source AS s
    INNER JOIN coding_mapped AS m USING (coding)
    INNER JOIN omop.concept AS c ON c.concept_id = m.target_concept_id AND is_target(c.standard_concept, c.invalid_reason)
    WHERE is_retired(s.invalid_reason)
)
SELECT DISTINCT
    v.vocabulary_id, v.code, v.label, k.concept_id AS source_concept_id,
    coalesce(o.concept_id, 0) AS target_concept_id,
    CASE WHEN o.concept_id IS NULL THEN 'None' ELSE split_part(o.curie, ':', 1) END AS target_vocabulary_id,
    o.domain_id AS target_domain_id
FROM harmonize.value_set AS v
INNER JOIN harmonize.custom_concept AS k USING (vocabulary_id, code)
LEFT JOIN object AS o ON o.coding = v.object
