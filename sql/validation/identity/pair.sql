-- The texts in which two words of a name follow each other, or a title and a word of a name, of which at least one says nothing by
-- itself (identity_word): only texts that hold such a word are taken apart.
CREATE OR REPLACE TEMP TABLE identity_pair AS
WITH run AS (
    SELECT column_id, value, identity_parts(unnest(list_distinct(identity_runs(value)))) AS words
    FROM {texts}
    WHERE list_has_any(identity_parts(value), (SELECT list(said) FROM identity_word))
)
SELECT DISTINCT column_id, value, words[i] AS one, words[i + 1] AS two
FROM (SELECT column_id, value, words, unnest(range(1, len(words))) AS i FROM run)
WHERE words[i] IN (SELECT said FROM identity_word) OR words[i + 1] IN (SELECT said FROM identity_word);

INSERT INTO identity_hit
WITH written AS (
    SELECT DISTINCT one, two, identity_token('part', one) || ' ' || identity_token('part', two) AS token,
           regexp_matches(one, '^\p{{Lu}}') AND regexp_matches(two, '^\p{{Lu}}') AS has_capitals
    FROM identity_pair
), told AS (
    SELECT token_hash FROM identity_known WHERE kind = 'pair'
)
SELECT p.column_id, p.value, p.one || ' ' || p.two, 'pair'
FROM identity_pair p JOIN written w USING (one, two)
WHERE identity_hash('pair', w.token) IN (SELECT token_hash FROM told)
   OR w.has_capitals AND identity_hash('pair', '^' || w.token) IN (SELECT token_hash FROM told);

INSERT INTO privacy_hit
SELECT DISTINCT h.column_id, '{rule}', h.value
FROM identity_hit h
WHERE h.kind = 'pair' AND (h.column_id, '{rule}', h.value) NOT IN (SELECT (column_id, rule, value) FROM privacy_hit)
