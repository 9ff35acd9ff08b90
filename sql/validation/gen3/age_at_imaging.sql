-- An age at imaging that does not follow from the age at the index event and the days between. Ages that other rules refuse
-- (below 0, over 89, beside the flag for over 89) are not compared; over 89 is at least 89 here.
WITH age AS (
    SELECT submitter_id, over, CASE WHEN years BETWEEN 0 AND 89 THEN years END AS years
    FROM (SELECT submitter_id, coalesce(age_at_index_gt89 = 'Yes', false) AS over, number(age_at_index) AS years
          FROM batch_case)
), study AS (
    SELECT file_id, line_, cases_submitter_id, over, CASE WHEN years BETWEEN 0 AND 89 THEN years END AS years,
           CASE WHEN abs(day) <= 36525 THEN day END AS day
    FROM (SELECT file_id, line_, cases_submitter_id, coalesce(age_at_imaging_gt89 = 'Yes', false) AS over,
                 number(age_at_imaging) AS years, number(days_to_study) AS day
          FROM batch_imaging_study)
)
SELECT DISTINCT s.file_id, s.line_,
       CASE WHEN s.over THEN 'age_at_imaging_gt89' ELSE 'age_at_imaging' END AS column_name,
       CASE WHEN s.over THEN 'over 89' ELSE format('{:.10g}', s.years) END || ' on day ' || format('{:.10g}', day)
         || ', ' || CASE WHEN a.over THEN 'over 89' ELSE format('{:.10g}', a.years) END || ' at the index event' AS value
FROM study s JOIN age a ON a.submitter_id = s.cases_submitter_id
WHERE a.over = (a.years IS NULL) AND s.over = (s.years IS NULL)
  AND CASE WHEN a.over AND s.over THEN false
           WHEN a.over THEN s.years + 2 < 89 + day / 365.25
           WHEN s.over THEN a.years + day / 365.25 < 87
           ELSE abs(s.years - (a.years + day / 365.25)) > 2 END
