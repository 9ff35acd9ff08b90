-- title: What is not known of how many persons?
-- asked_by: Statisticians before an analysis; sites that look at their own deliveries.
-- parameter: project text; only this project
-- column: project_id; the project
-- column: field; what may be known of a person
-- column: persons; persons of the project
-- column: missing; of whom it is not known, or who have none
-- column: percent_missing; the same in percent
-- needs: persons
-- note: A death, intensive care or a test that is not recorded may not have been: missing is what the store does not tell.
WITH member AS (
    SELECT DISTINCT project_id, person_id FROM harmonize.person_case WHERE project_id = coalesce($project, project_id)
),
known AS (
    SELECT m.project_id, m.person_id,
           p.sex IS NOT NULL AS sex, p.age_text IS NOT NULL AS age, p.race IS NOT NULL AS race, p.ethnicity IS NOT NULL AS ethnicity,
           p.visits > 0 AS visit, p.studies > 0 AS imaging_study, p.death_date IS NOT NULL AS death,
           EXISTS (FROM omop.condition_occurrence x WHERE x.person_id = m.person_id) AS condition,
           EXISTS (FROM omop.drug_exposure x WHERE x.person_id = m.person_id) AS drug,
           EXISTS (FROM omop.measurement x WHERE x.person_id = m.person_id AND x.value_as_number IS NOT NULL) AS numeric_measurement,
           EXISTS (FROM linked.covid_test x WHERE x.person_id = m.person_id) AS covid_test
    FROM member m
    JOIN linked.person_summary p ON p.person_id = m.person_id
),
field AS (
    UNPIVOT known
    ON sex, age, race, ethnicity, visit, imaging_study, condition, drug, numeric_measurement, covid_test, death
    INTO NAME field VALUE is_known
)
SELECT project_id, field, count(*) AS persons, count(*) FILTER (NOT is_known) AS missing,
       round(100.0 * count(*) FILTER (NOT is_known) / count(*), 1) AS percent_missing
FROM field
GROUP BY project_id, field
ORDER BY project_id, missing, field
