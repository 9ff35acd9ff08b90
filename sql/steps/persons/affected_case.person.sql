-- The person of each affected case, and the days that merging moves its dates.
UPDATE affected_case SET person_id = p.person_id, day_shift = p.day_shift
FROM person_of_case p
WHERE p.project_id = affected_case.project_id AND p.case_key = affected_case.case_key
