-- A case that is never positive, and has a positive test.
SELECT c.file_id, c.line_, 'covid19_positive' AS column_name, 'the test ' || t.name || ' is positive' AS value
FROM batch_case c JOIN (
    SELECT cases_submitter_id, min(submitter_id) AS name FROM batch_measurement
    WHERE test_name = 'COVID-19' AND test_result_text = 'Positive' GROUP BY 1
) t ON t.cases_submitter_id = c.submitter_id
WHERE covid19_positive = 'No'
