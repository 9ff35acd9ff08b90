-- Rows with concept 0, of all rows.
SELECT
    count(*) FILTER (WHERE t.{field} = 0) AS violated,
    count(*) AS denominator
FROM omop.{table} t
