-- Procedures; a day alone, of a procedure that Gen3 cannot name, is not given out.
SELECT 'procedure' AS node, * REPLACE (
           CASE WHEN coalesce(procedure_name, breathing_support_type) IS NULL THEN days_to_procedure_start
                ELSE coalesce(days_to_procedure_start, start_day) END AS days_to_procedure_start,
           CASE WHEN coalesce(procedure_name, breathing_support_type) IS NULL THEN days_to_procedure_end
                ELSE coalesce(days_to_procedure_end, end_day) END AS days_to_procedure_end)
FROM midrc.procedure
