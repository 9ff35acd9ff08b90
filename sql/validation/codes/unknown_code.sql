-- Codes that their system does not have, where the whole system is known.
WITH unknown AS (
    SELECT DISTINCT code, system FROM coded ANTI JOIN known_code USING (vocabulary_id, code)
    WHERE vocabulary_id IN ({complete}) AND regexp_full_match(upper(code), form)
      AND NOT (vocabulary_id = 'SNOMED' AND verhoeff(code) <> 0)
)
SELECT b.file_id, b.line_, '{column}' AS column_name,
       u.code || ', which ' || u.system || ' does not have' AS value
FROM batch_{class} b JOIN unknown u ON u.code = b.{code} AND u.system = {system}
