-- Rows that say in every column but their id what another row says.
SELECT s.site, (sum(d.n) - count(*))::BIGINT AS violated, sum(d.n)::BIGINT AS denominator, NULL AS note
FROM (SELECT t.person_id, hash({others}) AS said, count(*) AS n FROM omop.{table} t GROUP BY ALL) d
LEFT JOIN quality_site s ON s.person_id = d.person_id
GROUP BY s.site
