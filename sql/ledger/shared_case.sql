-- Projects that have a case with the key of one of the project's, and with how many of its cases that is so, of how many.
SELECT p.project_id, count(DISTINCT a.case_key) AS shared,
       (SELECT count(DISTINCT case_key) FROM affected_case WHERE project_id = $project) AS cases
FROM affected_case a
JOIN harmonize.person_case p ON p.case_key = a.case_key AND p.project_id <> a.project_id
WHERE a.project_id = $project
GROUP BY p.project_id
ORDER BY p.project_id
