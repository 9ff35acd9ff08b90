-- Images after the death of their person, of those of persons who died.
SELECT s.site, count(*) FILTER (WHERE CAST(t.{field} AS DATE) > d.died) AS violated, count(*) AS denominator, NULL AS note
FROM omop.{table} t
JOIN (SELECT person_id, min(death_date) AS died FROM omop.death GROUP BY person_id) d ON d.person_id = t.person_id
LEFT JOIN quality_site s ON s.person_id = t.person_id
GROUP BY s.site
