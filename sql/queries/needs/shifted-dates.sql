-- Projects whose days are not of the calendar: a date that is written out is another day there.
SELECT format('The days of project {} are {}: a date of the calendar is another day there.', p.project_id,
              CASE WHEN p.time_policy = 'offset' THEN 'counted from an event of each patient, or moved as a whole' ELSE 'shifted' END)
       AS sentence
FROM harmonize.project p
SEMI JOIN harmonize.person_case c ON c.project_id = p.project_id
WHERE p.project_id = coalesce($project, p.project_id) AND (p.time_policy IN ('offset', 'shifted') OR p.shifted_by_source)
