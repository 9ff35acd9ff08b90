-- Every case with the code that the published file tells it by.
SELECT c.project_id, c.case_key, k.code AS pseudonym
FROM harmonize.person_case c
JOIN publish_code k ON k.named = 'case' || chr(31) || c.project_id || chr(31) || c.case_key
ORDER BY ALL
