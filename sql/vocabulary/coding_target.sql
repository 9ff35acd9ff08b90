-- One row per CURIE and standard concept that it stands for, in the order of target_concept_id; one row with target 0
-- where there is none. Maps to (and the value sets' source_to_concept_map) decide; a valid standard concept without any
-- such row stands for itself; what replaces a retired concept stands for it (is_successor).
CREATE OR REPLACE TEMP TABLE coding_target AS
WITH standard AS (
    SELECT m.coding, c.concept_id, c.domain_id, c.vocabulary_id || ':' || c.concept_code AS curie, false AS is_successor
    FROM coding_mapped AS m
    INNER JOIN omop.concept AS c ON c.concept_id = m.target_concept_id AND is_target(c.standard_concept, c.invalid_reason)
    UNION
    SELECT m.coding, n.concept_id, n.domain_id, n.curie, true
    FROM coding_mapped AS m
    INNER JOIN coding_successor AS n ON n.origin_id = m.target_concept_id
),
itself AS (
    SELECT s.coding, s.concept_id, s.domain_id, s.curie, false AS is_successor
    FROM coding_source AS s
    ANTI JOIN standard USING (coding)
    WHERE is_target(s.standard_concept, s.invalid_reason)
    UNION ALL
    SELECT s.coding, n.concept_id, n.domain_id, n.curie, true
    FROM coding_source AS s
    ANTI JOIN standard USING (coding)
    INNER JOIN coding_successor AS n ON n.origin_id = s.concept_id
),
target AS (
    SELECT coding, concept_id, domain_id, curie, bool_and(is_successor) AS is_successor
    FROM (FROM standard UNION ALL FROM itself)
    GROUP BY ALL
),
mapped_value AS (
    SELECT s.coding, min(c.concept_id) AS value_concept_id
    FROM coding_source AS s
    INNER JOIN omop.concept_relationship AS r
        ON r.concept_id_1 = s.concept_id AND r.relationship_id = 'Maps to value' AND r.invalid_reason IS NULL
    INNER JOIN omop.concept AS c ON c.concept_id = r.concept_id_2 AND is_target(c.standard_concept, c.invalid_reason)
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
    v.value_concept_id,
    coalesce(t.is_successor, false) AS is_successor,
    is_retired(s.invalid_reason) AS is_retired
FROM coding_source AS s
LEFT JOIN target AS t USING (coding)
LEFT JOIN mapped_value AS v USING (coding)
