-- Rows with a number and the unit 0, of all rows with a number.
SELECT
    count(*) FILTER (WHERE t.{field} = 0 AND t.value_as_number IS NOT NULL) AS violated,
    count(*) FILTER (WHERE t.value_as_number IS NOT NULL) AS denominator
FROM omop.{table} t
