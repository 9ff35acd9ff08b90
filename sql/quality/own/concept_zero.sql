-- Rows with concept 0, by site.
SELECT s.site, coalesce(sum(z.n) FILTER (WHERE z.is_zero), 0)::BIGINT AS violated, sum(z.n)::BIGINT AS denominator, NULL AS note
FROM (SELECT t.person_id, (t.{field} = 0) AS is_zero, count(*) AS n FROM omop.{table} t GROUP BY ALL) z
LEFT JOIN quality_site s ON s.person_id = z.person_id
GROUP BY s.site
