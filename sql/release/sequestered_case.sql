-- The cases of every person of whom one case is sequestered.
SELECT s.project_id, s.case_key FROM harmonize.sequestration s WHERE s.side = 'sequestered'
UNION
SELECT o.project_id, o.case_key
FROM harmonize.sequestration s
JOIN harmonize.person_case c ON c.project_id = s.project_id AND c.case_key = s.case_key
JOIN harmonize.person_case o ON o.person_id = c.person_id
WHERE s.side = 'sequestered'
ORDER BY 1, 2
