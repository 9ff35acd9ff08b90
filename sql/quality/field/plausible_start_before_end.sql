-- Rows that end before they begin.
SELECT
    count(*) FILTER (WHERE t.{field} > t.{other}) AS violated,
    count(t.{other}) AS denominator
FROM omop.{table} t
