-- Numbers that are not those of their record.
SELECT h.project_id AS site, count(*) FILTER (WHERE t.value_as_number IS DISTINCT FROM h.value_number) AS violated,
       count(*) AS denominator, NULL AS note
FROM midrc.{node} h
JOIN harmonize.row_id i ON i.row_key = h.row_key AND i.omop_table = {table_name}
JOIN omop.{table} t ON t.{id} = i.omop_id
GROUP BY h.project_id
