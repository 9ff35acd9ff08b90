-- Source values that have concept 0 of at least so many persons, the most frequent first; of a site, or of all.
SELECT {table_name} AS "table", t.{source} AS value, count(*) AS n
FROM omop.{table} t
LEFT JOIN quality_site s ON s.person_id = t.person_id
WHERE t.{field} = 0 AND t.{source} IS NOT NULL AND ($site IS NULL OR s.site = $site)
GROUP BY ALL HAVING count(DISTINCT t.person_id) >= $least
ORDER BY n DESC, value LIMIT 10
