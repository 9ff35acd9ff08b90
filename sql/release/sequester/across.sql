-- Persons with a case on either side: what was assigned before the cases became one person.
SELECT s.project_id, s.case_key, s.side, s.assigned_at, dense_rank() OVER (ORDER BY p.person) AS number
FROM harmonize.sequestration s
JOIN sequester_person p USING (project_id, case_key)
WHERE p.person IN (SELECT p.person FROM harmonize.sequestration s JOIN sequester_person p USING (project_id, case_key)
                   GROUP BY p.person HAVING count(DISTINCT s.side) > 1)
  AND ($project IS NULL OR p.person IN (SELECT person FROM sequester_person WHERE project_id = $project))
ORDER BY ALL
