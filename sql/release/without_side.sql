-- How many cases of the project have no side, or one that came after the last lock ($until; NULL where there is none).
SELECT count(*)
FROM harmonize.person_case c
LEFT JOIN harmonize.sequestration s ON s.project_id = c.project_id AND s.case_key = c.case_key
WHERE c.project_id = $project AND (s.side IS NULL OR $until IS NULL OR s.assigned_at > $until)
