-- Rows and persons of a table by month; of a site, or of all.
SELECT {table_name} AS series, date_trunc('month', t.{field})::DATE AS month, count(*) AS rows, count(DISTINCT t.person_id) AS persons
FROM omop.{table} t
LEFT JOIN quality_site s ON s.person_id = t.person_id
WHERE isfinite(t.{field}) AND ($site IS NULL OR s.site = $site)
GROUP BY ALL ORDER BY month
