-- Projects that have no procedures.
SELECT format('Project {} has no procedures.', c.project_id) AS sentence
FROM (SELECT DISTINCT project_id FROM harmonize.person_case WHERE project_id = coalesce($project, project_id)) c
ANTI JOIN (
    SELECT k.project_id
    FROM harmonize.person_case k
    JOIN omop.procedure_occurrence o ON o.person_id = k.person_id
) h ON h.project_id = c.project_id
