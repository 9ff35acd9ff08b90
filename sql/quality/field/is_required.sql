-- Rows without a value in a column that must have one.
SELECT
    count(*) FILTER (WHERE t.{field} IS NULL) AS violated,
    count(*) AS denominator
FROM omop.{table} t
