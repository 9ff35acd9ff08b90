-- title: How old are the persons, by sex?
-- asked_by: Authors who describe a cohort.
-- parameter: project text; only this project
-- parameter: imaged boolean = false; only persons with an imaging study
-- column: project_id; the project
-- column: sex; sex; NULL where it is not known
-- column: age_group; a decade of years; 90+; unknown, where it is not known or is a band over several decades
-- column: persons; persons
-- column: imaged; of them with an imaging study
-- needs: persons
WITH person AS (
    SELECT c.project_id, p.sex, p.studies,
           CASE WHEN p.age_text IN ('89+', '90+') THEN '90+'
                WHEN p.age_low // 10 = p.age_high // 10 THEN (p.age_low // 10 * 10) || '-' || (p.age_low // 10 * 10 + 9)
                ELSE 'unknown' END AS age_group
    FROM linked.person_summary p
    JOIN (SELECT DISTINCT project_id, person_id FROM harmonize.person_case) c ON c.person_id = p.person_id
    WHERE c.project_id = coalesce($project, c.project_id) AND (p.studies > 0 OR NOT $imaged)
)
SELECT project_id, sex, age_group, count(*) AS persons, count(*) FILTER (studies > 0) AS imaged
FROM person
GROUP BY project_id, sex, age_group
ORDER BY project_id, sex, try_cast(regexp_extract(age_group, '^\d+') AS INTEGER) NULLS LAST
