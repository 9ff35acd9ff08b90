-- Cases of each project by side, and those without one.
SELECT p.project_id, count(*) FILTER (s.side = 'open') AS open, count(*) FILTER (s.side = 'sequestered') AS sequestered,
       count(*) FILTER (s.side IS NULL) AS unassigned, max(s.assigned_at) AS last_assigned_at
FROM (SELECT project_id, case_key FROM harmonize.person_case
      UNION SELECT project_id, case_key FROM harmonize.sequestration) p
LEFT JOIN harmonize.sequestration s USING (project_id, case_key)
WHERE $project IS NULL OR p.project_id = $project
GROUP BY p.project_id
ORDER BY p.project_id
