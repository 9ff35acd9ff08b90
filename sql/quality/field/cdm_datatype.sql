-- Values of a column of whole numbers that are none.
SELECT
    count(*) FILTER (
        WHERE typeof(t.{field}) NOT LIKE '%INT%' AND t.{field} IS NOT NULL AND TRY_CAST(t.{field}::VARCHAR AS BIGINT) IS NULL) AS violated,
    count(*) AS denominator
FROM omop.{table} t
