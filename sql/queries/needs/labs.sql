-- Projects that have no numeric measurements.
SELECT format('Project {} has no numeric measurements.', c.project_id) AS sentence
FROM (SELECT DISTINCT project_id FROM harmonize.person_case WHERE project_id = coalesce($project, project_id)) c
ANTI JOIN (
    SELECT k.project_id
    FROM harmonize.person_case k
    JOIN omop.measurement m ON m.person_id = k.person_id AND m.value_as_number IS NOT NULL
) h ON h.project_id = c.project_id
