-- Rows of omop.{table} that a new vocabulary gave another concept in {column}, or that have left the table for that of another
-- domain ({left}), by what the source wrote ({source}).
SELECT '{table}' AS omop_table, '{column}' AS column_name, b.{source} AS source_value,
       CASE WHEN {left} THEN 'moved'
            WHEN coalesce(b.{column}, 0) = 0 THEN 'newly mapped'
            WHEN coalesce(a.{column}, 0) = 0 THEN 'gone'
            ELSE 're-coded' END AS change,
       o.code AS before, o.concept_name AS name_before, o.domain_id AS domain_before,
       n.vocabulary_id || ':' || n.concept_code AS after, n.concept_name AS name_after, n.domain_id AS domain_after,
       count(*) AS rows
FROM before_{table} b
LEFT JOIN omop.{table} a ON a.{key} = b.{key}
LEFT JOIN concept_before o ON o.concept_id = nullif(b.{column}, 0)
LEFT JOIN omop.concept n ON n.concept_id = nullif(a.{column}, 0)
WHERE CASE WHEN {left} THEN {is_main} ELSE coalesce(b.{column}, 0) <> coalesce(a.{column}, 0) END
GROUP BY ALL
