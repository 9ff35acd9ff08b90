-- Projects that have no chest films (CR or DX).
SELECT format('Project {} has no chest films (CR or DX).', c.project_id) AS sentence
FROM (SELECT DISTINCT project_id FROM harmonize.person_case WHERE project_id = coalesce($project, project_id)) c
ANTI JOIN (
    SELECT project_id FROM harmonize.image_link WHERE modality IN ('CR', 'DX') AND region = 'Chest'
) h ON h.project_id = c.project_id
