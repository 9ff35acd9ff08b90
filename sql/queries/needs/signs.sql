-- Projects that have no sign of COVID-19 of the basis that is asked for, and which others they have.
SELECT format('Project {} has no sign of COVID-19{}{}.', c.project_id, coalesce(' of the basis ' || $basis, ''),
              coalesce('; it has ' || s.bases, '')) AS sentence
FROM (SELECT DISTINCT project_id FROM harmonize.person_case WHERE project_id = coalesce($project, project_id)) c
ANTI JOIN (SELECT project_id FROM linked.covid_status WHERE basis = coalesce($basis, basis)) h ON h.project_id = c.project_id
LEFT JOIN (
    SELECT project_id, string_agg(DISTINCT basis, ' and ' ORDER BY basis) AS bases FROM linked.covid_status GROUP BY project_id
) s ON s.project_id = c.project_id
