-- The hashes of what was met: of the words of names those that are no common words ({words}, $names), numbers, addresses. A word of
-- a name that is common, or too short to be looked for alone (part), is looked for beside another word of the same name or behind a
-- title (pair; with ^ where both words must be written with a capital), and by itself as it was told with digits (word).
INSERT INTO identity_known
WITH written AS (
    SELECT DISTINCT unnest(identity_parts(said)) AS said FROM identity_said WHERE kind IN ('name', 'whole')
), judged AS (
    SELECT said, identity_token('part', said) AS part, identity_token('name', said) AS name,
           name = '' OR name IN (SELECT word FROM read_csv({words}, delim = '\t', header = true, all_varchar = true))
           OR list_contains($names::VARCHAR[], name) AS is_weak
    FROM written
), one_of AS (
    SELECT n.whole, j.part, bool_and(j.is_weak) AS is_weak
    FROM (SELECT said AS whole, unnest(identity_parts(said)) AS said FROM identity_said WHERE kind = 'whole') n
    JOIN judged j USING (said)
    WHERE j.part <> ''
    GROUP BY ALL
), token AS (
    SELECT 'name' AS kind, name AS token FROM judged WHERE NOT is_weak
    UNION
    SELECT 'part', part FROM judged WHERE is_weak
    UNION
    SELECT 'word', identity_token('word', m) FROM (SELECT unnest(identity_mixed(said)) AS m FROM judged WHERE is_weak)
    UNION
    SELECT 'pair', '^' || title || ' ' || part
    FROM judged, (SELECT unnest(['mr', 'mrs', 'ms', 'miss', 'dr', 'prof']) AS title)
    WHERE is_weak AND part <> ''
    UNION
    SELECT 'pair', CASE WHEN a.is_weak AND b.is_weak THEN '^' ELSE '' END || a.part || ' ' || b.part
    FROM one_of a JOIN one_of b ON b.whole = a.whole AND b.part <> a.part AND (a.is_weak OR b.is_weak)
    UNION
    SELECT 'number', identity_token('number', unnest(identity_numbers(said))) FROM identity_said WHERE kind = 'number'
    UNION
    SELECT 'code', identity_token('code', unnest(identity_codes(said))) FROM identity_said WHERE kind = 'number'
    UNION
    SELECT 'address', identity_token('address', unnest(identity_addresses(said))) FROM identity_said WHERE kind = 'address'
)
SELECT kind, identity_hash(kind, token), true FROM token WHERE token <> ''
