-- The project that is asked for is not there.
SELECT format('There is no project {}; there are {}.', $project, string_agg(project_id, ', ' ORDER BY project_id)) AS sentence
FROM (SELECT DISTINCT project_id FROM harmonize.person_case)
HAVING NOT coalesce(bool_or(project_id = $project), true)
