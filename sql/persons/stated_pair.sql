-- The pairs of a crosswalk, each once, the first case the first by project and key. lines > 1: stated in several ways.
CREATE OR REPLACE TEMP TABLE stated_pair AS
WITH typed AS (
    SELECT line, project_id_1, case_key_1, project_id_2, case_key_2, day_difference::INTEGER AS day_difference,
           lower(same_time_base) = 'true' AS same_time_base, coalesce(basis, 'crosswalk') AS basis,
           (project_id_2, case_key_2) < (project_id_1, case_key_1) AS turned
    FROM pair_line
),
ordered AS (
    SELECT line, same_time_base, basis,
           CASE WHEN turned THEN project_id_2 ELSE project_id_1 END AS project_id_1,
           CASE WHEN turned THEN case_key_2 ELSE case_key_1 END AS case_key_1,
           CASE WHEN turned THEN project_id_1 ELSE project_id_2 END AS project_id_2,
           CASE WHEN turned THEN case_key_1 ELSE case_key_2 END AS case_key_2,
           CASE WHEN turned THEN -day_difference ELSE day_difference END AS day_difference
    FROM typed
)
SELECT project_id_1, case_key_1, project_id_2, case_key_2, any_value(day_difference) AS day_difference,
       any_value(same_time_base) AS same_time_base, any_value(basis) AS basis, max(line) AS line,
       count(DISTINCT (day_difference, same_time_base, basis)) AS statements
FROM ordered
GROUP BY project_id_1, case_key_1, project_id_2, case_key_2
