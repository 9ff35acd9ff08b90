-- Problems of the concepts that a crosswalk names by OMOP id (table crosswalk_id). An id that the vocabulary lacks is no
-- problem: other consortia use concepts that this store need not hold.
SELECT DISTINCT k.file, k.line, 'warning' AS level,
    CASE
        WHEN c.invalid_reason IS NOT NULL THEN 'Concept ' || c.concept_id || ' (' || c.concept_name || ') is retired.'
        ELSE 'object_label of concept ' || c.concept_id || ' is ' || k.label || '; the vocabulary calls it ' || c.concept_name || '.'
    END AS message
FROM crosswalk_id AS k
INNER JOIN omop.concept AS c USING (concept_id)
WHERE c.invalid_reason IS NOT NULL
    OR (
        k.label <> '' AND lower(k.label) <> lower(c.concept_name)
        AND lower(c.concept_name) NOT LIKE '%' || lower(k.label) || ' (concept_id = %'
    )
ORDER BY ALL
