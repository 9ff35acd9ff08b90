-- Persons with conditions and without an era of a condition.
SELECT
    count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM omop.{table} t WHERE t.person_id = p.person_id)) AS violated,
    count(*) AS denominator
FROM (SELECT DISTINCT o.person_id FROM omop.condition_occurrence o) p
