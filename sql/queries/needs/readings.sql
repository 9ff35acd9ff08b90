-- Projects that have no readings of images.
SELECT format('Project {} has no readings of images.', c.project_id) AS sentence
FROM (SELECT DISTINCT project_id FROM harmonize.person_case WHERE project_id = coalesce($project, project_id)) c
ANTI JOIN (
    SELECT project_id FROM midrc.annotation WHERE question IS NOT NULL
) h ON h.project_id = c.project_id
