-- Rows that were loaded, by the registry of ids, and are not there.
SELECT '' AS site, count(*) FILTER (WHERE t.{id} IS NULL) AS violated, count(*) AS denominator, NULL AS note
FROM (SELECT omop_id FROM harmonize.row_id WHERE omop_table = {table_name}) i
LEFT JOIN omop.{table} t ON t.{id} = i.omop_id
