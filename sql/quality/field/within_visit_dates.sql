-- Rows with a day more than a week outside of their visit.
SELECT
    count(*) FILTER (WHERE t.{field}::DATE NOT BETWEEN v.visit_start_date - 7 AND v.visit_end_date + 7) AS violated,
    count(*) AS denominator
FROM omop.{table} t JOIN omop.visit_occurrence v ON v.visit_occurrence_id = t.visit_occurrence_id
