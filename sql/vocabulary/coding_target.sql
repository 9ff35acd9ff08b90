-- One row per CURIE and standard concept that it stands for, in the order of target_concept_id; one row with target 0
-- where there is none. Maps to (and the value sets' source_to_concept_map) decide; a standard concept without any
-- such row stands for itself.
CREATE OR REPLACE TEMP TABLE coding_target AS
WITH mapped AS (
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
),
standard AS (
    SELECT m.coding, c.concept_id, c.domain_id, c.vocabulary_id || ':' || c.concept_code AS curie
    FROM mapped AS m
    INNER JOIN omop.concept AS c ON c.concept_id = m.target_concept_id AND c.standard_concept = 'S'
),
target AS (
    FROM standard
    UNION ALL
    SELECT s.coding, s.concept_id, s.domain_id, s.curie
    FROM coding_source AS s
    ANTI JOIN standard USING (coding)
    WHERE s.standard_concept = 'S'
),
mapped_value AS (
    SELECT s.coding, min(c.concept_id) AS value_concept_id
    FROM coding_source AS s
    INNER JOIN omop.concept_relationship AS r
        ON r.concept_id_1 = s.concept_id AND r.relationship_id = 'Maps to value' AND r.invalid_reason IS NULL
    INNER JOIN omop.concept AS c ON c.concept_id = r.concept_id_2 AND c.standard_concept = 'S'
    WHERE s.concept_id <> 0
    GROUP BY s.coding
)
SELECT
    s.coding, s.vocabulary_id, s.code,
    s.concept_id AS source_concept_id,
    s.concept_name AS source_name,
    coalesce(t.concept_id, 0) AS target_concept_id,
    (row_number() OVER (PARTITION BY s.coding ORDER BY t.concept_id))::INTEGER AS target_rank,
    (count(*) OVER (PARTITION BY s.coding))::INTEGER AS target_count,
    t.domain_id,
    t.curie AS target_code,
    v.value_concept_id
FROM coding_source AS s
LEFT JOIN target AS t USING (coding)
LEFT JOIN mapped_value AS v USING (coding)
