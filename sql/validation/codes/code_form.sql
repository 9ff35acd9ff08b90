-- Codes that cannot exist in their system: of another form, or with a wrong check digit.
WITH judged AS (
    SELECT DISTINCT code, system, vocabulary_id,
           CASE WHEN NOT regexp_full_match(upper(code), form) THEN 'it does not have the form of one'
                WHEN vocabulary_id = 'SNOMED' AND verhoeff(code) <> 0 THEN 'its check digit is wrong'
                WHEN vocabulary_id = 'LOINC' AND regexp_full_match(code, '[0-9]+-[0-9]')
                     AND mod10(split_part(code, '-', 1), split_part(code, '-', 2)) <> 0 THEN 'its check digit is wrong'
           END AS fault
    FROM coded WHERE form IS NOT NULL
)
SELECT b.file_id, b.line_, '{column}' AS column_name,
       j.code || ', which is no code of ' || j.system || ': ' || fault AS value
FROM batch_{class} b JOIN judged j ON j.code = b.{code} AND j.system = {system} WHERE fault IS NOT NULL
