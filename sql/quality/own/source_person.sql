-- Rows of another person than the one that their record is of.
SELECT h.project_id AS site, count(*) FILTER (WHERE t.person_id <> c.person_id) AS violated, count(*) AS denominator, NULL AS note
FROM midrc.{node} h
JOIN harmonize.row_id i ON i.row_key = h.row_key AND i.omop_table = {table_name}
JOIN harmonize.person_case c ON c.project_id = h.project_id AND c.case_key = h.case_key
JOIN omop.{table} t ON t.{id} = i.omop_id
GROUP BY h.project_id
