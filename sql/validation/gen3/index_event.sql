-- An index event that does not stand on day 0: no COVID-19 test on that day, an imaging study before it.
WITH test AS (
    SELECT cases_submitter_id AS case_key, count(*) FILTER (number(test_days_from_index) IS NOT NULL) AS dated,
           count(*) FILTER (number(test_days_from_index) = 0) AS on_day_0
    FROM batch_measurement WHERE test_name = 'COVID-19' GROUP BY 1
), study AS (
    SELECT cases_submitter_id AS case_key, min(number(days_to_study)) AS first_day FROM batch_imaging_study GROUP BY 1
)
SELECT file_id, line_, 'index_event' AS column_name,
       CASE WHEN t.dated > 0 THEN index_event || ', and no test of the case is on day 0'
            ELSE index_event || ', and the first study is on day ' || format('{:.10g}', first_day) END AS value
FROM batch_case c LEFT JOIN test t ON t.case_key = c.submitter_id LEFT JOIN study s ON s.case_key = c.submitter_id
WHERE (index_event IN ('COVID-19 Test', 'First COVID test') AND t.dated > 0 AND on_day_0 = 0)
   OR (index_event = 'First Imaging Study' AND first_day NOT BETWEEN 0 AND 0.999)
