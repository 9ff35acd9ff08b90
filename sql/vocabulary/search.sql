-- Concepts that fit $term, best first: exact code, exact name, start of the name, all words in the name, all words in
-- a synonym. Among equals: standard, valid, shorter name, id. $words are the words of $term in lower case.
WITH eligible AS (
    SELECT *, lower(concept_name) AS name
    FROM omop.concept
    WHERE ($domain IS NULL OR lower(domain_id) = lower($domain))
      AND ($vocabulary IS NULL OR lower(vocabulary_id) = lower($vocabulary))
      AND (NOT $standard_only OR standard_concept = 'S')
),
hit AS (
    SELECT
        concept_id,
        CASE
            WHEN lower(concept_code) = lower($term) OR lower(vocabulary_id || ':' || concept_code) = lower($term) THEN 1
            WHEN name = lower($term) THEN 2
            WHEN starts_with(name, lower($term)) THEN 3
            WHEN len(list_filter($words, lambda word: contains(name, word))) = len($words) THEN 4
        END AS rank
    FROM eligible
    UNION ALL
    SELECT s.concept_id, 5
    FROM omop.concept_synonym AS s
    SEMI JOIN eligible USING (concept_id)
    WHERE len(list_filter($words, lambda word: contains(lower(s.concept_synonym_name), word))) = len($words)
),
best AS (
    SELECT concept_id, min(rank) AS rank FROM hit WHERE rank IS NOT NULL GROUP BY concept_id
)
SELECT
    c.concept_id, c.concept_name, c.domain_id, c.vocabulary_id, c.concept_class_id, c.standard_concept, c.concept_code,
    c.invalid_reason, l.layer
FROM best
INNER JOIN omop.concept AS c USING (concept_id)
LEFT JOIN harmonize.concept_layer AS l USING (concept_id)
ORDER BY best.rank, c.standard_concept IS DISTINCT FROM 'S', c.invalid_reason IS NOT NULL, length(c.concept_name),
    c.concept_id
LIMIT $limit
