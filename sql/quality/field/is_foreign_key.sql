-- Rows that name what is not there.
SELECT
    coalesce(sum(v.n) FILTER (WHERE v.value IS NOT NULL AND k.{fk_field} IS NULL), 0)::BIGINT AS violated,
    coalesce(sum(v.n), 0)::BIGINT AS denominator
FROM (SELECT t.{field} AS value, count(*) AS n FROM omop.{table} t GROUP BY ALL) v
LEFT JOIN omop.{fk_table} k ON k.{fk_field} = v.value
