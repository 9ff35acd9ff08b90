-- Rows with a concept of another class.
SELECT
    coalesce(sum(v.n) FILTER (WHERE v.value <> 0 AND k.concept_class_id <> {value}), 0)::BIGINT AS violated,
    coalesce(sum(v.n), 0)::BIGINT AS denominator
FROM (SELECT t.{field} AS value, count(*) AS n FROM omop.{table} t GROUP BY ALL) v
LEFT JOIN omop."concept" k ON k."concept_id" = v.value
