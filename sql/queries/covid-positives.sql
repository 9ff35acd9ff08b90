-- title: How many persons had COVID-19, by what tells it?
-- asked_by: Everybody who counts cases over several projects.
-- parameter: project text; only this project
-- column: project_id; the project
-- column: basis; test, antibody, diagnosis or flag
-- column: persons; persons with such a sign
-- column: imaged; of them with an imaging study in the project
-- column: only_this; persons whom no other sign calls positive
-- column: real_dates; persons whose first such sign has a day of the calendar
-- column: shifted_dates; or of the project's own calendar
-- column: imputed_dates; or one that was taken from something else
-- needs: persons, signs
WITH sign AS (
    SELECT project_id, person_id, basis,
           arg_min(date_basis, (date_basis = 'imputed', date)) AS date_basis,
           count(*) OVER (PARTITION BY project_id, person_id) AS bases
    FROM linked.covid_status
    WHERE project_id = coalesce($project, project_id)
    GROUP BY project_id, person_id, basis
)
SELECT s.project_id, s.basis, count(*) AS persons, count(t.person_id) AS imaged, count(*) FILTER (s.bases = 1) AS only_this,
       count(*) FILTER (s.date_basis = 'real') AS real_dates, count(*) FILTER (s.date_basis = 'shifted') AS shifted_dates,
       count(*) FILTER (s.date_basis = 'imputed') AS imputed_dates
FROM sign s
LEFT JOIN (SELECT DISTINCT project_id, person_id FROM linked.imaging_timeline) t
    ON t.project_id = s.project_id AND t.person_id = s.person_id
GROUP BY s.project_id, s.basis
ORDER BY s.project_id, list_position(['test', 'antibody', 'diagnosis', 'flag'], s.basis)
