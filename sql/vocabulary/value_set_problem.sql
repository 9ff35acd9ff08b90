-- Problems of value set objects (table value_set_checked) against the vocabulary, each with a hint where there is one.
-- That a code is lacking is told only of a vocabulary that is said to be $whole.
WITH object AS (
    SELECT k.file, k.line, k.coding, k.label, k.domain, s.* EXCLUDE (coding)
    FROM value_set_checked AS k
    INNER JOIN coding_source AS s ON s.coding = k.coding
),
unknown AS (
    SELECT DISTINCT coding, vocabulary_id, code, label FROM object WHERE concept_id = 0
),
near AS (
    SELECT
        u.coding,
        arg_min(
            c.vocabulary_id || ':' || c.concept_code || ' (' || c.concept_name || ')',
            (lower(c.concept_name) IS DISTINCT FROM lower(u.label), levenshtein(c.concept_code, u.code), c.concept_id)
        ) AS suggestion
    FROM unknown AS u
    INNER JOIN omop.concept AS c
        ON c.vocabulary_id = u.vocabulary_id
        AND (
            lower(c.concept_name) = lower(u.label)
            OR (length(u.code) >= 6 AND levenshtein(c.concept_code, u.code) <= 1)
        )
    GROUP BY u.coding
),
successor AS (
    SELECT
        o.coding,
        string_agg(DISTINCT c.vocabulary_id || ':' || c.concept_code || ' (' || c.concept_name || ')', ', ') AS suggestion
    FROM object AS o
    INNER JOIN omop.concept_relationship AS r
        ON r.concept_id_1 = o.concept_id AND r.relationship_id = 'Maps to' AND r.invalid_reason IS NULL
    INNER JOIN omop.concept AS c ON c.concept_id = r.concept_id_2 AND c.standard_concept = 'S'
    WHERE o.standard_concept IS DISTINCT FROM 'S'
    GROUP BY o.coding
)
SELECT o.file, o.line, 'warning' AS level,
    'The loaded vocabulary does not hold ' || o.coding || '; its subject stays at concept 0.' AS message,
    'Near: ' || near.suggestion AS hint
FROM object AS o
LEFT JOIN near USING (coding)
WHERE o.concept_id = 0 AND $whole
UNION ALL
SELECT o.file, o.line, 'error',
    o.coding || ' (' || o.concept_name || ') is not a standard concept.',
    'It maps to ' || successor.suggestion
FROM object AS o
LEFT JOIN successor USING (coding)
WHERE o.concept_id <> 0 AND o.standard_concept IS DISTINCT FROM 'S'
UNION ALL
SELECT o.file, o.line, 'warning', o.coding || ' (' || o.concept_name || ') is retired.', NULL
FROM object AS o
WHERE o.standard_concept = 'S' AND o.invalid_reason IS NOT NULL
UNION ALL
SELECT o.file, o.line, 'error',
    o.coding || ' (' || o.concept_name || ') is of domain ' || o.domain_id || ', not ' || o.domain || '.', NULL
FROM object AS o
WHERE o.concept_id <> 0 AND lower(o.domain) <> lower(o.domain_id)
UNION ALL
SELECT o.file, o.line, 'warning',
    'object_label of ' || o.coding || ' is ' || o.label || '; the vocabulary calls it ' || o.concept_name || '.', NULL
FROM object AS o
WHERE o.concept_id <> 0 AND lower(o.label) <> lower(o.concept_name)
    -- the vocabulary tells concepts of one name apart: (race) Hmong (concept_id = 38003582)
    AND lower(o.concept_name) NOT LIKE '%' || lower(o.label) || ' (concept_id = %'
