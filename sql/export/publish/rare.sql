-- Persons whose sex, race or ethnicity fewer than $least persons have.
CREATE OR REPLACE TEMP TABLE publish_rare AS
SELECT what, person_id
FROM (
    SELECT 'race' AS what, person_id, count(*) OVER (PARTITION BY race_concept_id) AS n FROM omop.person
    UNION ALL
    SELECT 'sex', person_id, count(*) OVER (PARTITION BY gender_concept_id) FROM omop.person
    UNION ALL
    SELECT 'ethnicity', person_id, count(*) OVER (PARTITION BY ethnicity_concept_id) FROM omop.person
)
WHERE n < $least
