-- What the vocabulary's own names say of the subjects of value sets (tables value_set_subject, coding_source): a subject without a
-- concept of whose label there is one, and matches that are not as near as they say. Answers (Meas Value) are no things.
WITH label AS (
    SELECT DISTINCT lower(trim(label)) AS name FROM value_set_subject WHERE label <> ''
),
name AS (
    SELECT concept_id, lower(regexp_replace(concept_name, '^\(\w+\) (.*) \(concept_id = \d+\)$', '\1')) AS name
    FROM omop.concept
    WHERE is_target(standard_concept, invalid_reason)
    UNION
    SELECT concept_id, lower(concept_synonym_name) FROM omop.concept_synonym
),
named AS (
    SELECT n.name, c.concept_id, c.domain_id, c.vocabulary_id || ':' || c.concept_code || ' (' || c.concept_name || ')' AS told
    FROM label
    INNER JOIN name AS n USING (name)
    INNER JOIN omop.concept AS c USING (concept_id)
    WHERE is_target(c.standard_concept, c.invalid_reason) AND c.domain_id NOT IN ('Meas Value', 'Metadata', 'Type Concept')
),
matched AS (
    -- an object that the vocabulary lacks has the name that the value set gives it
    SELECT s.* EXCLUDE (object_label), nullif(o.concept_id, 0) AS concept_id, coalesce(o.domain_id, '') AS domain_id,
        coalesce(o.concept_name, s.object_label, '') AS concept_name,
        s.object || ' (' || coalesce(o.concept_name, s.object_label, '') || ')' AS told,
        string_split_regex(regexp_replace(lower(s.label), '\([^)]*\)', ' ', 'g'), '\bor\b') AS things,
        string_split_regex(regexp_replace(lower(coalesce(o.concept_name, s.object_label, '')), '\([^)]*\)', ' ', 'g'),
            '\bor\b') AS object_things
    FROM value_set_subject AS s
    INNER JOIN coding_source AS o ON o.coding = s.object
),
other AS (
    -- the concept of the label's name, where the object is another one and does not bear that name
    SELECT m.file, m.line, m.subject, m.label, m.predicate, m.told, m.concept_id, n.concept_id AS named_id, n.told AS named
    FROM matched AS m
    INNER JOIN named AS n ON n.name = lower(trim(m.label)) AND n.domain_id = m.domain_id AND n.concept_id <> m.concept_id
    ANTI JOIN named AS same ON same.name = lower(trim(m.label)) AND same.concept_id = m.concept_id
),
several AS (
    -- one of several alternatives ("inotropes or vasopressors") is in the other's name, and another is not; races and
    -- ethnicities are named by such lists of synonyms
    SELECT file, line, subject, label, told, len(things) > len(object_things) AS says_more
    FROM (
        SELECT *,
            list_transform(
                CASE WHEN len(things) > len(object_things) THEN things ELSE object_things END,
                lambda thing: len(list_filter(string_split_regex(thing, '[^a-z0-9]+'), lambda word: length(word) > 3 AND contains(
                    CASE WHEN len(things) > len(object_things) THEN lower(concept_name) ELSE lower(label) END, rtrim(word, 's')))) > 0
            ) AS is_said
        FROM matched
        WHERE predicate = 'skos:exactMatch' AND (len(things) = 1) <> (len(object_things) = 1)
          AND domain_id NOT IN ('Race', 'Ethnicity', 'Gender')
    )
    WHERE list_contains(is_said, true) AND list_contains(is_said, false)
),
above AS (
    SELECT ancestor_concept_id AS higher, descendant_concept_id AS lower FROM omop.concept_ancestor
    UNION
    SELECT concept_id_2, concept_id_1 FROM omop.concept_relationship WHERE relationship_id = 'Is a' AND invalid_reason IS NULL
),
placed AS (
    SELECT o.*,
        EXISTS (FROM above WHERE higher = o.concept_id AND lower = o.named_id) AS is_broader,
        EXISTS (FROM above WHERE higher = o.named_id AND lower = o.concept_id) AS is_narrower
    FROM other AS o
)
SELECT s.file, s.line, 'warning' AS level,
    s.subject || ' (' || s.label || ') has no concept, and the vocabulary has a standard one of that name.' AS message,
    'It is ' || string_agg(n.told, ', ' ORDER BY n.told) AS hint
FROM value_set_subject AS s
INNER JOIN named AS n ON n.name = lower(trim(s.label))
WHERE s.object IS NULL
GROUP BY ALL
UNION ALL
SELECT file, line, 'warning',
    subject || ' (' || label || ') is an ' || regexp_extract(predicate, 'skos:(\w+)Match', 1) || ' match of ' || told || ', which is '
        || CASE WHEN is_broader THEN 'broader' WHEN is_narrower THEN 'narrower' ELSE 'another concept' END
        || ' than the one of that name.',
    'Of that name is ' || named
FROM placed
WHERE predicate = 'skos:exactMatch'
UNION ALL
SELECT file, line, 'warning',
    subject || ' (' || label || ') is a ' || CASE WHEN is_broader THEN 'narrow' ELSE 'broad' END || ' match of ' || told
        || ', but that is ' || CASE WHEN is_broader THEN 'broader' ELSE 'narrower' END || ' than the concept of its name.',
    'Of that name is ' || named || '; MIDRC broader than the object is skos:narrowMatch'
FROM placed
WHERE (predicate = 'skos:narrowMatch' AND is_broader) OR (predicate = 'skos:broadMatch' AND is_narrower)
UNION ALL
SELECT file, line, 'warning',
    CASE WHEN says_more THEN subject || ' (' || label || ') names several things, and its exact match ' || told || ' one of them.'
        ELSE subject || ' (' || label || ') names one thing, and its exact match ' || told || ' several.' END,
    CASE WHEN says_more THEN 'MIDRC broader than the object is skos:narrowMatch'
        ELSE 'MIDRC narrower than the object is skos:broadMatch' END
FROM several
