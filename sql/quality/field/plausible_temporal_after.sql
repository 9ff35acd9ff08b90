-- Rows with a day before the one that it must follow.
SELECT
    count(*) FILTER (WHERE t.{field} < t.{other}) AS violated,
    count(*) AS denominator
FROM omop.{table} t
