-- Every case with the pseudonym that the published file tells it by.
SELECT project_id, case_key, pseudonym_of('case', project_id, case_key) AS pseudonym
FROM harmonize.person_case
ORDER BY ALL
