-- Rows whose id another row has too.
SELECT
    coalesce(sum(v.n) FILTER (WHERE v.n > 1), 0)::BIGINT AS violated,
    coalesce(sum(v.n), 0)::BIGINT AS denominator
FROM (SELECT t.{field} AS value, count(*) AS n FROM omop.{table} t GROUP BY ALL) v
