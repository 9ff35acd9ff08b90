-- Measurements; a day alone, of a test that Gen3 cannot name, is not given out.
SELECT 'measurement' AS node, * REPLACE (
           CASE WHEN test_name IS NULL THEN test_days_from_index ELSE coalesce(test_days_from_index, start_day) END AS test_days_from_index)
FROM midrc.measurement
