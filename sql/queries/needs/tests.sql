-- Projects that have no tests of the virus, and what tells COVID-19 there.
SELECT format('Project {} has no tests of the virus with a result{}.', c.project_id,
              coalesce('; COVID-19 is told by ' || s.bases || ' (harmonize ask run covid-positives)', '')) AS sentence
FROM (SELECT DISTINCT project_id FROM harmonize.person_case WHERE project_id = coalesce($project, project_id)) c
ANTI JOIN (
    SELECT k.project_id FROM harmonize.person_case k JOIN linked.covid_test t ON t.person_id = k.person_id
) h ON h.project_id = c.project_id
LEFT JOIN (
    SELECT project_id, string_agg(DISTINCT basis, ' and ' ORDER BY basis) AS bases FROM linked.covid_status GROUP BY project_id
) s ON s.project_id = c.project_id
