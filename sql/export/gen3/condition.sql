-- Conditions; a day alone, of a condition that Gen3 cannot name, is not given out.
SELECT 'condition' AS node, * REPLACE (
           CASE WHEN coalesce(condition_name, condition_code) IS NULL THEN days_to_condition_start
                ELSE coalesce(days_to_condition_start, start_day) END AS days_to_condition_start,
           CASE WHEN coalesce(condition_name, condition_code) IS NULL THEN days_to_condition_end
                ELSE coalesce(days_to_condition_end, end_day) END AS days_to_condition_end)
FROM midrc.condition
