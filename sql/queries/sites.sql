-- title: What does each project hold?
-- asked_by: Those who curate the commons; everybody who meets the store for the first time.
-- parameter: project text; only this project
-- column: project_id; the project
-- column: persons; persons
-- column: imaged; of them with an imaging study
-- column: with_visit; with a visit
-- column: studies; imaging studies
-- column: series; their series that hold pixels, as far as they are loaded
-- column: positive_tests; persons with a positive virus test
-- column: other_signs; persons with another sign of COVID-19 and no positive test
-- column: deaths; persons who died
-- needs: persons
WITH member AS (
    SELECT DISTINCT project_id, person_id FROM harmonize.person_case WHERE project_id = coalesce($project, project_id)
),
study AS (
    SELECT project_id, person_id, count(*) AS studies, sum(image_series_count) AS series
    FROM linked.imaging_timeline
    GROUP BY ALL
),
sign AS (
    SELECT project_id, person_id, bool_or(basis = 'test') AS tested FROM linked.covid_status GROUP BY ALL
)
SELECT m.project_id, count(*) AS persons, count(s.person_id) AS imaged, count(*) FILTER (p.visits > 0) AS with_visit,
       coalesce(sum(s.studies), 0)::BIGINT AS studies, coalesce(sum(s.series), 0)::BIGINT AS series,
       count(*) FILTER (c.tested) AS positive_tests, count(*) FILTER (NOT c.tested) AS other_signs,
       count(p.death_date) AS deaths
FROM member m
JOIN linked.person_summary p ON p.person_id = m.person_id
LEFT JOIN study s ON s.project_id = m.project_id AND s.person_id = m.person_id
LEFT JOIN sign c ON c.project_id = m.project_id AND c.person_id = m.person_id
GROUP BY m.project_id
ORDER BY m.project_id
