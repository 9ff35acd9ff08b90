-- Signs of COVID-19 that are left out because their day was taken from something else.
SELECT format('In project {} the days of {:,} of {:,} signs of the basis {} were taken from something else; they count with '
              || '--param imputed=true.', project_id, count(*) FILTER (date_basis = 'imputed'), count(*), basis) AS sentence
FROM linked.covid_status
WHERE NOT $imputed AND date IS NOT NULL AND basis = coalesce($basis, basis) AND project_id = coalesce($project, project_id)
GROUP BY project_id, basis
HAVING count(*) FILTER (date_basis = 'imputed') > 0
