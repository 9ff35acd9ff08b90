-- A case without intensive care, and a visit with days of it.
SELECT c.file_id, c.line_, 'icu_indicator' AS column_name,
       'the visit ' || v.name || ' has days of intensive care' AS value
FROM batch_case c JOIN (
    SELECT cases_submitter_id, min(submitter_id) AS name FROM batch_visit
    WHERE days_to_icu_admission IS NOT NULL OR days_to_icu_discharge IS NOT NULL GROUP BY 1
) v ON v.cases_submitter_id = c.submitter_id
WHERE lower(icu_indicator) = 'false'
