-- The cases with images, of $project or of all, are touched.
CREATE OR REPLACE TEMP TABLE touched_case AS
SELECT project_id, case_key FROM midrc.imaging_series WHERE case_key IS NOT NULL AND coalesce(project_id = $project, true)
UNION
SELECT project_id, case_key FROM midrc.imaging_study WHERE coalesce(project_id = $project, true)
