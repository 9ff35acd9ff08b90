-- Different source values of which a row has concept 0.
SELECT
    count(*) FILTER (WHERE v.is_zero) AS violated,
    count(*) AS denominator
FROM (
    SELECT t.{field} AS value, bool_or(t.{other} = 0) AS is_zero FROM omop.{table} t WHERE t.{field} IS NOT NULL GROUP BY t.{field}
) v
