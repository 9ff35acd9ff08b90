-- The hashes of what was met: of the words of names those that are no common words ({words}, $names), numbers, addresses.
INSERT INTO identity_known
WITH token AS (
    SELECT kind, identity_token('name', unnest(identity_words(said))) AS token FROM identity_said WHERE kind = 'name'
    UNION
    SELECT kind, identity_token('number', unnest(identity_numbers(said))) FROM identity_said WHERE kind = 'number'
    UNION
    SELECT kind, identity_token('address', unnest(identity_addresses(said))) FROM identity_said WHERE kind = 'address'
)
SELECT kind, identity_hash(kind, token), true
FROM token
WHERE token <> ''
  AND (kind <> 'name' OR token NOT IN (SELECT word FROM read_csv({words}, delim = '\t', header = true, all_varchar = true))
                         AND NOT list_contains($names::VARCHAR[], token))
