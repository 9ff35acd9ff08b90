-- Rows that no load made, by the registry of ids.
SELECT s.site, count(*) FILTER (WHERE i.omop_id IS NULL) AS violated, count(*) AS denominator, NULL AS note
FROM omop.{table} t
LEFT JOIN (SELECT omop_id FROM harmonize.row_id WHERE omop_table = {table_name}) i ON i.omop_id = t.{id}
LEFT JOIN quality_site s ON s.person_id = t.person_id
GROUP BY s.site
