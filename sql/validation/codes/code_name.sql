-- Names that share no word with any name of their code. Words that name no thing (filler_word.tsv: unspecified, left, chronic, serum)
-- do not count, abbreviations count as what they stand for (mappings/vocabulary/abbreviations.tsv); a name is judged by its words of
-- three letters and more, whatever their case, but for capitals of up to four letters that nobody knows (an abbreviation).
-- A word of five letters and more is told by its first five, a shorter one by being part of a word of the code's names.
WITH name AS (
    SELECT DISTINCT code, system, vocabulary_id, name FROM coded SEMI JOIN known_code USING (vocabulary_id, code)
    WHERE name_judged AND name IS NOT NULL
),
text AS (
    SELECT DISTINCT name AS text, true AS is_sent FROM name
    UNION
    SELECT DISTINCT name, false FROM known_code
),
sent_word AS (
    SELECT text, is_sent, unnest(string_split_regex(strip_accents(text), '[^A-Za-z0-9]+')) AS sent FROM text
),
plain_word AS (
    SELECT w.text, w.is_sent, a.expansion IS NOT NULL AS is_known, w.sent = upper(w.sent) AS is_capital,
           unnest(CASE WHEN a.expansion IS NULL THEN [lower(w.sent)]
                       WHEN w.is_sent THEN string_split(a.expansion, ' ')
                       ELSE list_prepend(lower(w.sent), string_split(a.expansion, ' ')) END) AS word
    FROM sent_word w
    LEFT JOIN name_abbreviation a ON a.abbreviation = lower(w.sent)
),
word AS (
    SELECT DISTINCT text, is_sent, word FROM plain_word
    ANTI JOIN filler_word USING (word)
    WHERE regexp_matches(word, '[a-z]')
      AND (NOT is_sent OR is_known OR len(word) >= 5 OR (len(word) >= 3 AND NOT is_capital))
),
known_word AS (
    SELECT DISTINCT k.vocabulary_id, k.code, w.word FROM known_code k JOIN word w ON w.text = k.name AND NOT w.is_sent
),
pair AS (
    SELECT n.code, n.system, n.name,
           (len(w.word) >= 5 AND left(w.word, 5) = left(k.word, 5)) OR (len(w.word) < 5 AND contains(k.word, w.word)) AS is_shared
    FROM name n
    JOIN word w ON w.text = n.name AND w.is_sent
    JOIN known_word k ON k.vocabulary_id = n.vocabulary_id AND k.code = n.code
),
judged AS (
    SELECT p.code, p.system, p.name, min(k.name) AS known_name
    FROM (SELECT code, system, name FROM pair GROUP BY ALL HAVING NOT bool_or(is_shared)) p
    JOIN name n USING (code, system, name)
    JOIN known_code k USING (vocabulary_id, code)
    GROUP BY ALL
)
SELECT b.file_id, b.line_, '{column}' AS column_name,
       j.code || ' with the name ' || j.name || '; ' || j.system || ' has ' || known_name AS value
FROM batch_{class} b JOIN judged j ON j.code = b.{code} AND j.system = {system} AND j.name = {name}
