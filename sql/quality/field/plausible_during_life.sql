-- Rows with a day more than 60 days after the person's death, of all rows of persons who died.
SELECT
    count(*) FILTER (WHERE t.{field}::DATE > d.died + 60) AS violated,
    count(*) FILTER (WHERE d.died IS NOT NULL) AS denominator
FROM omop.{table} t
LEFT JOIN (
    SELECT person_id, coalesce(
        birth_datetime::DATE, TRY(make_date(year_of_birth, coalesce(month_of_birth, 1), coalesce(day_of_birth, 1)))) AS born
    FROM omop.person
) p ON p.person_id = t.person_id
LEFT JOIN (SELECT person_id, min(death_date) AS died FROM omop.death GROUP BY person_id) d ON d.person_id = t.person_id
