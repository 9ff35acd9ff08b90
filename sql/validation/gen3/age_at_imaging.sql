-- An age at imaging that is more than a year off the age at the index event and the days between; over 89 counts as 90.
WITH age AS (
    SELECT submitter_id, coalesce(number(age_at_index), CASE WHEN age_at_index_gt89 = 'Yes' THEN 90 END) AS years,
           age_at_index_gt89 = 'Yes' AS over
    FROM batch_case
), study AS (
    SELECT file_id, line_, cases_submitter_id, number(days_to_study) AS day, age_at_imaging_gt89 = 'Yes' AS over,
           number(age_at_imaging) AS years
    FROM batch_imaging_study
)
SELECT DISTINCT s.file_id, s.line_, CASE WHEN s.years IS NULL THEN 'age_at_imaging_gt89' ELSE 'age_at_imaging' END AS column_name,
       CASE WHEN s.years IS NULL THEN 'over 89' ELSE format('{:.10g}', s.years) END || ' at the study on day '
         || format('{:.10g}', day) || ', ' || CASE WHEN a.over THEN 'over 89' ELSE format('{:.10g}', a.years) END
         || ' at the index event' AS value
FROM study s JOIN age a ON a.submitter_id = s.cases_submitter_id
WHERE abs(day) <= 36525
  AND CASE WHEN s.years IS NOT NULL AND s.years < 90 AND coalesce(a.over, false)
           THEN s.years < 89 + least(day, 0) / 365.25 - 1
           WHEN s.years IS NULL AND s.over THEN a.years < 90 AND a.years + day / 365.25 < 88
           ELSE abs(s.years - (a.years + day / 365.25)) > 2 END
