-- Projects that have no imaging studies.
SELECT format('Project {} has no imaging studies.', c.project_id) AS sentence
FROM (SELECT DISTINCT project_id FROM harmonize.person_case WHERE project_id = coalesce($project, project_id)) c
ANTI JOIN (
    SELECT project_id FROM harmonize.image_link
) h ON h.project_id = c.project_id
