-- Images before the birth of their person, which is as exact as it is known.
SELECT s.site, count(*) FILTER (WHERE CAST(t.{field} AS DATE) < p.born) AS violated, count(*) AS denominator, NULL AS note
FROM omop.{table} t
JOIN (
    SELECT person_id, coalesce(
        birth_datetime::DATE, TRY(make_date(year_of_birth, coalesce(month_of_birth, 1), coalesce(day_of_birth, 1)))) AS born
    FROM omop.person
) p ON p.person_id = t.person_id
LEFT JOIN quality_site s ON s.person_id = t.person_id
GROUP BY s.site
