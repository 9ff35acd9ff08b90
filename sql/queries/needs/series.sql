-- Projects that have no imaging series.
SELECT format('Project {} has no imaging series.', c.project_id) AS sentence
FROM (SELECT DISTINCT project_id FROM harmonize.person_case WHERE project_id = coalesce($project, project_id)) c
ANTI JOIN (
    SELECT l.project_id
    FROM harmonize.image_link l
    JOIN omop.image_occurrence i ON i.procedure_occurrence_id = l.procedure_occurrence_id
) h ON h.project_id = c.project_id
