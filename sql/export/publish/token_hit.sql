-- How many cells and words of each column stand in {tokens} (kind, token), by kind; {hashed} is what stands there for a word.
-- One of six characters or more that is a whole cell, or has both letters and digits, tells somebody (is_sure); digits alone that
-- are a code of the vocabulary do not.
SELECT column_number, kind, is_sure, count(DISTINCT token) AS found
FROM (SELECT t.column_number, t.token, i.kind,
             length(t.token) >= 6
             AND (t.is_cell AND NOT (regexp_full_match(t.token, '[0-9]+') AND t.token IN (SELECT concept_code FROM omop.concept))
                  OR regexp_matches(t.token, '\pL') AND regexp_matches(t.token, '[0-9]')) AS is_sure
      FROM publish_token t
      JOIN {tokens} i ON i.token = {hashed})
GROUP BY ALL
ORDER BY ALL
