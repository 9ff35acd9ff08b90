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
followed AS (
    SELECT s.coding, n.curie, n.concept_name FROM coding_source AS s INNER JOIN coding_successor AS n ON n.origin_id = s.concept_id
    UNION
    SELECT m.coding, c.vocabulary_id || ':' || c.concept_code, c.concept_name
    FROM coding_mapped AS m
    INNER JOIN omop.concept AS c ON c.concept_id = m.target_concept_id AND is_target(c.standard_concept, c.invalid_reason)
),
successor AS (
    SELECT coding, string_agg(curie || ' (' || concept_name || ')', ', ' ORDER BY curie) AS suggestion FROM followed GROUP BY coding
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
WHERE o.concept_id <> 0 AND NOT is_target(o.standard_concept, o.invalid_reason) AND NOT is_retired(o.invalid_reason)
UNION ALL
SELECT o.file, o.line, CASE WHEN successor.coding IS NULL THEN 'error' ELSE 'warning' END,
    o.coding || ' (' || o.concept_name || ') is retired' || CASE WHEN successor.coding IS NULL
        THEN ', and nothing replaces it; its subject stays at concept 0.' ELSE '; rows of its subject have what replaces it.' END,
    'It is replaced by ' || successor.suggestion
FROM object AS o
LEFT JOIN successor USING (coding)
WHERE o.concept_id <> 0 AND is_retired(o.invalid_reason)
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
