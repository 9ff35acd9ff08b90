-- Rows without a value.
SELECT
    count(*) FILTER (WHERE t.{field} IS NULL) AS violated,
    count(*) AS denominator
FROM omop.{table} t
