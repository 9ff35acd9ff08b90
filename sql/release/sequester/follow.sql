-- New cases of a project whose person has a side already, in whatever project: open, where any of its cases is open.
SELECT c.project_id, c.case_key, min(s.side) AS side
FROM sequester_person c
JOIN sequester_person o USING (person)
JOIN harmonize.sequestration s ON s.project_id = o.project_id AND s.case_key = o.case_key
WHERE c.project_id = $project
  AND NOT EXISTS (FROM harmonize.sequestration t WHERE t.project_id = c.project_id AND t.case_key = c.case_key)
GROUP BY c.project_id, c.case_key
