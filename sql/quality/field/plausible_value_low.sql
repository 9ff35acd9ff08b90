-- Values below what is plausible.
SELECT
    count(*) FILTER (WHERE t.{field} < {value}) AS violated,
    count(t.{field}) AS denominator
FROM omop.{table} t
