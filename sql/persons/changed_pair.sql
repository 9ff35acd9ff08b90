-- Pairs of the file that the store does not hold, or not so.
CREATE OR REPLACE TEMP TABLE changed_pair AS
SELECT s.*, c.project_id_1 IS NULL AS is_new
FROM stated_pair s
LEFT JOIN harmonize.crosswalk c USING (project_id_1, case_key_1, project_id_2, case_key_2)
WHERE c.project_id_1 IS NULL
   OR (c.day_difference, c.same_time_base, c.basis) IS DISTINCT FROM (s.day_difference, s.same_time_base, s.basis)
