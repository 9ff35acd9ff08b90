-- Names that share no word with any name of their code; short names and abbreviations are not judged.
WITH judged AS (
    SELECT c.code, c.system, c.name, min(k.name) AS known_name
    FROM coded c JOIN known_code k USING (vocabulary_id, code)
    WHERE c.name_judged AND len(name_stems(c.name)) > 0 AND c.name <> upper(c.name)
    GROUP BY ALL HAVING NOT bool_or(list_has_any(name_stems(c.name), name_stems(k.name)))
)
SELECT b.file_id, b.line_, '{column}' AS column_name,
       j.code || ' with the name ' || j.name || '; ' || j.system || ' has ' || known_name AS value
FROM batch_{class} b JOIN judged j ON j.code = b.{code} AND j.system = {system} AND j.name = {name}
