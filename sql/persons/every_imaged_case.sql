-- The cases with images are touched.
CREATE OR REPLACE TEMP TABLE touched_case AS
SELECT project_id, case_key FROM midrc.imaging_series WHERE case_key IS NOT NULL
UNION
SELECT project_id, case_key FROM midrc.imaging_study
