-- Whether an affected case has an age, no birth date or year, and neither a visit nor a study that says on which day it held.
-- tells: undated_age
-- before: person_of_case
SELECT 'undated_age'
WHERE EXISTS (
    FROM midrc."case" c
    JOIN affected_case a USING (project_id, case_key)
    WHERE a.time_policy IS DISTINCT FROM 'offset' AND c.mapping_id <> 0 AND c.birth_date IS NULL AND c.birth_year IS NULL
      AND (coalesce(c.age_at_index, c.age_value, c.age_low) IS NOT NULL OR c.age_at_index_gt89 = 'Yes')
      AND NOT EXISTS (FROM midrc.visit v WHERE v.project_id = c.project_id AND v.case_key = c.case_key)
      AND NOT EXISTS (FROM midrc.imaging_study s WHERE s.project_id = c.project_id AND s.case_key = c.case_key)
)
