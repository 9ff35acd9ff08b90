-- title: How many persons of each condition died?
-- asked_by: Clinicians and epidemiologists.
-- parameter: project text; only this project
-- parameter: persons integer = 10; fewest persons with the condition
-- parameter: imaged boolean = false; only persons with an imaging study
-- column: condition; the condition, as its concept or the source calls it
-- column: persons; persons who have it
-- column: deaths; of them died
-- column: percent_died; the same in percent
-- column: percent_died_without; of the persons who do not have it, in percent
-- needs: conditions, deaths
-- note: Conditions at any time, those of the same stay included. Who is not recorded as dead may have died elsewhere.
WITH member AS (
    SELECT p.person_id, p.death_date IS NOT NULL AS died
    FROM linked.person_summary p
    SEMI JOIN harmonize.person_case c ON c.person_id = p.person_id AND c.project_id = coalesce($project, c.project_id)
    WHERE p.studies > 0 OR NOT $imaged
),
has AS (
    SELECT DISTINCT m.person_id, m.died, coalesce(n.concept_name, c.condition_source_value) AS condition
    FROM member m
    JOIN omop.condition_occurrence c ON c.person_id = m.person_id
    LEFT JOIN omop.concept n ON n.concept_id = nullif(c.condition_concept_id, 0)
),
everybody AS (
    SELECT count(*) AS persons, count(*) FILTER (died) AS deaths FROM member
)
SELECT h.condition, count(*) AS persons, count(*) FILTER (h.died) AS deaths,
       round(100.0 * count(*) FILTER (h.died) / count(*), 1) AS percent_died,
       round(100.0 * (any_value(e.deaths) - count(*) FILTER (h.died)) / nullif(any_value(e.persons) - count(*), 0), 1)
           AS percent_died_without
FROM has h
CROSS JOIN everybody e
WHERE h.condition IS NOT NULL
GROUP BY h.condition
HAVING count(*) >= $persons
ORDER BY percent_died DESC, persons DESC, condition
