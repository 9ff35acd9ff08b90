-- Rows of omop.{table} that a new vocabulary gave another concept in {concept_column}, or that have left the table for that of another
-- domain ({has_left}), by what the source wrote ({source}).
SELECT '{table}' AS omop_table, '{concept_column}' AS column_name, b.{source} AS source_value,
       CASE WHEN {has_left} THEN 'moved'
            WHEN coalesce(b.{concept_column}, 0) = 0 THEN 'newly mapped'
            WHEN coalesce(a.{concept_column}, 0) = 0 THEN 'gone'
            ELSE 're-coded' END AS change,
       o.code AS before, o.concept_name AS name_before, o.domain_id AS domain_before,
       n.vocabulary_id || ':' || n.concept_code AS after, n.concept_name AS name_after, n.domain_id AS domain_after,
       count(*) AS row_count
FROM before_{table} b
LEFT JOIN omop.{table} a ON a.{key} = b.{key}
LEFT JOIN concept_before o ON o.concept_id = nullif(b.{concept_column}, 0)
LEFT JOIN omop.concept n ON n.concept_id = nullif(a.{concept_column}, 0)
WHERE CASE WHEN {has_left} THEN {is_main} ELSE coalesce(b.{concept_column}, 0) <> coalesce(a.{concept_column}, 0) END
GROUP BY ALL
