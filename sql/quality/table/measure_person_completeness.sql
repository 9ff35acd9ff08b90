-- Persons without a row in a table.
SELECT
    count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM omop.{table} t WHERE t.person_id = p.person_id)) AS violated,
    count(*) AS denominator
FROM omop.person p
