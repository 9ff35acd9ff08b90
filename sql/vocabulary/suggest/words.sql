-- The concepts of which a term is the code: exact, or without the point (J189 for J18.9).
CREATE OR REPLACE TEMP TABLE suggest_code AS
SELECT t.term_id, c.concept_id, c.vocabulary_id, c.concept_name,
    t.vocabulary IS NOT NULL OR contains(t.value, ':') AS is_named
FROM suggest_term AS t
INNER JOIN omop.concept AS c
    ON upper(replace(c.concept_code, '.', '')) = upper(replace(regexp_extract(t.value, '([^:]*)$', 1), '.', ''))
WHERE regexp_matches(t.value, '[0-9]')
    AND (t.vocabulary IS NULL OR lower(replace(c.vocabulary_id, ' ', '_')) = lower(replace(t.vocabulary, ' ', '_')))
    AND (NOT contains(t.value, ':')
         OR lower(replace(c.vocabulary_id, ' ', '_')) = lower(replace(split_part(t.value, ':', 1), ' ', '_')))
    AND (t.vocabulary IS NOT NULL OR contains(t.value, ':') OR length(t.value) >= 3);

-- The texts that a term is looked for with: itself, and the name of a code that leads to no standard concept.
CREATE OR REPLACE TEMP TABLE suggest_text AS
SELECT term_id, 0 AS text_no, value AS text, NULL AS note FROM suggest_term
UNION ALL
SELECT term_id, row_number() OVER (PARTITION BY term_id ORDER BY c.concept_id), concept_name, vocabulary_id || ' calls it ' || concept_name
FROM suggest_code AS c
ANTI JOIN suggest_leads_to USING (concept_id);

-- The words of these texts, in variants: as written (100 times the text's number), and with the nth expansion of each
-- abbreviation (1, 2 ... more). Words that no name has take the nearest spelling that one has; a unit's words count little.
CREATE OR REPLACE TEMP TABLE suggest_variant AS
WITH texts AS (
    SELECT term_id, 100 * text_no AS variant, text, note FROM suggest_text
),
written AS (
    SELECT term_id, variant, unnest(plain_words(text)) AS word, note FROM texts
),
expanded AS (
    SELECT w.term_id, w.variant, w.word, a.choice, unnest(plain_words(a.expansion)) AS expansion, a.expansion AS phrase
    FROM written AS w
    INNER JOIN suggest_abbreviation AS a ON a.abbreviation = w.word
),
choice AS (
    SELECT DISTINCT term_id, variant, choice FROM expanded
),
deepest AS (
    SELECT term_id, variant, word, max(choice) AS choice FROM expanded GROUP BY ALL
),
unit AS (
    SELECT t.term_id, unnest(plain_words(u.words)) AS word
    FROM suggest_term AS t
    INNER JOIN suggest_unit AS u ON regexp_full_match(t.unit, u.pattern)
)
SELECT term_id, variant, word, 1.0 AS share, note FROM written
UNION ALL
SELECT c.term_id, c.variant + c.choice, coalesce(e.expansion, w.word), 1.0,
    coalesce(w.word || ' is ' || e.phrase, w.note)
FROM choice AS c
INNER JOIN written AS w USING (term_id, variant)
LEFT JOIN deepest AS d USING (term_id, variant, word)
LEFT JOIN expanded AS e
    ON e.term_id = w.term_id AND e.variant = w.variant AND e.word = w.word AND e.choice = least(c.choice, d.choice)
UNION ALL
SELECT v.term_id, v.variant, u.word, 0.35, NULL
FROM (SELECT term_id, variant FROM texts UNION ALL SELECT term_id, variant + choice FROM choice) AS v
INNER JOIN unit AS u USING (term_id);

CREATE OR REPLACE TEMP TABLE suggest_word AS
WITH formed AS (
    SELECT v.* REPLACE (coalesce(f.form, v.word) AS word)
    FROM suggest_variant AS v
    LEFT JOIN suggest_form AS f USING (word)
),
unknown AS (
    SELECT DISTINCT v.word
    FROM formed AS v
    ANTI JOIN suggest_weight AS k USING (word)
    WHERE length(v.word) >= 5
),
nearest AS (
    -- of equally near ones the first of the alphabet
    SELECT u.word, arg_min(k.word, (-jaro_winkler_similarity(u.word, k.word), k.word)) AS spelled
    FROM unknown AS u
    INNER JOIN suggest_weight AS k
        ON left(k.word, 2) = left(u.word, 2) AND abs(length(k.word) - length(u.word)) <= 2
        AND jaro_winkler_similarity(u.word, k.word) >= 0.93
    GROUP BY u.word
)
SELECT
    v.term_id, v.variant, coalesce(n.spelled, v.word) AS word, max(v.share) AS share,
    string_agg(DISTINCT coalesce(v.note, CASE WHEN n.spelled IS NOT NULL THEN v.word || ' read as ' || n.spelled END), '; ') AS note
FROM formed AS v
LEFT JOIN nearest AS n USING (word)
GROUP BY v.term_id, v.variant, coalesce(n.spelled, v.word);

CREATE OR REPLACE TEMP TABLE suggest_variant_weight AS
SELECT
    w.term_id, w.variant, sum(w.share * coalesce(k.weight, 0)) AS known,
    -- a word that no name has weighs as much as the rarest that one has
    sum(w.share * coalesce(k.weight, l.weight, 1) * CASE WHEN k.word IS NULL THEN (SELECT max(weight) FROM suggest_weight) ELSE 1 END)
        AS weight,
    count(*) FILTER (w.share = 1 AND coalesce(e.domain, 'none') <> '') AS said,
    count(*) FILTER (w.share = 1 AND e.word IS NULL) AS said_of_test,
    bool_or(list_contains(getvariable('suggest_negations'), w.word)) AS negated,
    string_agg(DISTINCT w.note, '; ' ORDER BY w.note) AS notes
FROM suggest_word AS w
LEFT JOIN suggest_weight AS k USING (word)
LEFT JOIN suggest_light AS l USING (word)
LEFT JOIN suggest_empty AS e USING (word)
GROUP BY w.term_id, w.variant
