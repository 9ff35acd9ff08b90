-- Numbers of a measurement in a unit, below what is plausible.
SELECT
    count(*) FILTER (
        WHERE t.{field} IN ({concept_id}) AND t.unit_concept_id IN ({unit_concept_id}) AND t.value_as_number < {value}) AS violated,
    count(t.value_as_number) FILTER (
        WHERE t.{field} IN ({concept_id}) AND t.unit_concept_id IN ({unit_concept_id})) AS denominator
FROM omop.{table} t
