-- The same of all concepts below a concept.
SELECT
    coalesce(sum(v.n) FILTER (WHERE v.sex <> {value}), 0)::BIGINT AS violated,
    coalesce(sum(v.n), 0)::BIGINT AS denominator
FROM (
    SELECT t.{field} AS value, p.gender_concept_id AS sex, count(*) AS n
    FROM omop.{table} t JOIN omop.person p ON p.person_id = t.person_id GROUP BY ALL
) v
WHERE v.value IN (SELECT a.descendant_concept_id FROM omop.concept_ancestor a WHERE a.ancestor_concept_id IN ({concept_id}))
