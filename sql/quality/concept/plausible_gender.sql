-- Rows of a concept whose person is not of the only sex that can have it.
SELECT
    coalesce(sum(v.n) FILTER (WHERE v.value IN ({concept_id}) AND v.sex <> {value}), 0)::BIGINT AS violated,
    coalesce(sum(v.n) FILTER (WHERE v.value IN ({concept_id})), 0)::BIGINT AS denominator
FROM (
    SELECT t.{field} AS value, p.gender_concept_id AS sex, count(*) AS n
    FROM omop.{table} t JOIN omop.person p ON p.person_id = t.person_id GROUP BY ALL
) v
