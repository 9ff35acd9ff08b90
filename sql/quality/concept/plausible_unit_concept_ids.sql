-- Numbers of a measurement in a unit that it does not have (-1: without a unit).
SELECT
    coalesce(sum(v.n) FILTER (WHERE v.value IN ({concept_id}) AND coalesce(v.unit, -1) NOT IN ({value})), 0)::BIGINT AS violated,
    coalesce(sum(v.n) FILTER (WHERE v.value IN ({concept_id})), 0)::BIGINT AS denominator
FROM (
    SELECT t.{field} AS value, t.unit_concept_id AS unit, count(*) AS n FROM omop.{table} t WHERE t.value_as_number IS NOT NULL GROUP BY ALL
) v
