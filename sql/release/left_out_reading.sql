-- The observations that are readings of the series in left_out_series, or of a study of which no series is left, and what
-- readers agreed on where such a reading had a vote.
CREATE OR REPLACE TEMP TABLE left_out_reading AS
WITH gone AS (
    SELECT row_key, record_id FROM midrc.annotation
    WHERE series_uid IN (FROM left_out_series)
       OR series_uid IS NULL
      AND study_uid IN (SELECT study_uid FROM midrc.imaging_series GROUP BY study_uid
                        HAVING bool_and(series_uid IN (FROM left_out_series)))
),
known AS (SELECT row_key, omop_id FROM harmonize.row_id WHERE omop_table = 'observation')
SELECT k.omop_id AS observation_id FROM known k JOIN gone USING (row_key)
UNION
SELECT s.omop_id
FROM harmonize.row_source s
JOIN gone USING (record_id)
JOIN known k USING (omop_id)
ANTI JOIN midrc.annotation n ON n.row_key = k.row_key
WHERE s.omop_table = 'observation'
