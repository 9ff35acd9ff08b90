-- A code of the mapping's value sets that another mapping in use says something else of, and that mapping.
WITH said AS (
    SELECT mapping, vocabulary_id, code, list(DISTINCT object ORDER BY object) AS objects FROM harmonize.value_set GROUP BY ALL
)
SELECT own.vocabulary_id || ':' || own.code, other.mapping
FROM said own
JOIN said other USING (vocabulary_id, code)
WHERE own.mapping = $mapping AND other.mapping <> $mapping AND own.objects <> other.objects
ORDER BY ALL
LIMIT 1
