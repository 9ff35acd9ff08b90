-- The $limit best concepts for each term, with reasons. Scores: a code 1, the same text 0.98, else the share of the weight
-- of the words that term and name have in common (Dice), times 0.9. Exact is what has the same words, those aside that say
-- nothing more (empty_words.tsv). A concept of another domain than the one asked for, or of a property that the unit does not
-- measure, is none.
WITH rare AS (
    SELECT w.term_id, w.variant, w.word
    FROM suggest_word AS w
    INNER JOIN suggest_weight AS k USING (word)
    WHERE k.weight > 0
    QUALIFY row_number() OVER (PARTITION BY w.term_id, w.variant ORDER BY k.weight * w.share DESC, w.word) <= $rare
),
-- What the unit of a term measures.
measured AS (
    SELECT t.term_id, u.property
    FROM suggest_term AS t
    INNER JOIN suggest_unit AS u ON regexp_full_match(t.unit, u.pattern)
),
candidate AS (
    SELECT DISTINCT r.term_id, r.variant, n.name_id
    FROM rare AS r
    INNER JOIN suggest_any_word AS n USING (word)
),
-- All words of these names.
spelled AS MATERIALIZED (
    SELECT n.name_id, n.word, k.weight, coalesce(e.domain, 'none') AS empty_in
    FROM suggest_any_word AS n
    SEMI JOIN candidate USING (name_id)
    INNER JOIN suggest_weight AS k USING (word)
    LEFT JOIN suggest_empty AS e USING (word)
),
name_weight AS (
    SELECT name_id, sum(weight) AS weight, count(*) FILTER (empty_in <> '') AS told, count(*) FILTER (empty_in = 'none') AS told_of_test,
        bool_or(list_contains(getvariable('suggest_negations'), word)) AS negated
    FROM spelled
    GROUP BY name_id
),
shared AS (
    SELECT c.term_id, c.variant, c.name_id, sum(n.weight * w.share) AS counted, sum(n.weight) AS weight, count(*) AS words,
        count(*) FILTER (n.empty_in <> '') AS told, count(*) FILTER (n.empty_in = 'none') AS told_of_test,
        count(*) FILTER (n.empty_in <> '' AND w.share = 1) AS said, count(*) FILTER (n.empty_in = 'none' AND w.share = 1) AS said_of_test
    FROM candidate AS c
    INNER JOIN spelled AS n USING (name_id)
    INNER JOIN suggest_word AS w ON w.term_id = c.term_id AND w.variant = c.variant AND w.word = n.word
    GROUP BY c.term_id, c.variant, c.name_id
    HAVING NOT bool_and(regexp_full_match(n.word, '[0-9]*'))  -- numbers alone say nothing
       AND bool_or(w.share = 1 AND n.weight > 0)  -- nor do words of the unit alone
),
by_words AS (
    SELECT
        s.term_id, s.name_id, s.words,
        -- rounded, as sums of weights differ in their last digits from run to run
        round((s.counted + s.weight) / nullif(v.weight + n.weight, 0), 6)
            * CASE WHEN v.negated = n.negated THEN 1 ELSE 0.5 END AS likeness,
        v.notes, s.variant,
        v.negated = n.negated AND CASE WHEN coalesce(t.domain, t.likely) = 'Measurement'
             THEN s.told_of_test = n.told_of_test AND s.said_of_test = v.said_of_test
             ELSE s.told = n.told AND s.said = v.said END AS exact
    FROM shared AS s
    INNER JOIN suggest_variant_weight AS v USING (term_id, variant)
    INNER JOIN name_weight AS n USING (name_id)
    INNER JOIN suggest_term AS t USING (term_id)
    QUALIFY row_number() OVER (PARTITION BY s.term_id, s.name_id ORDER BY likeness DESC, s.variant) = 1
),
named AS (
    SELECT
        w.term_id, n.concept_id, n.object,
        CASE WHEN lower(trim(n.label)) = lower(trim(t.value)) THEN 0.98 ELSE 0.9 * least(w.likeness, 1) END
            + CASE WHEN n.kind = 'site' THEN 0.005 * least(n.site_count, 3) ELSE 0 END AS score,
        concat_ws('; ',
            CASE
                WHEN n.kind = 'site' THEN 'so mapped at ' || n.sites || ': ' || n.label
                WHEN lower(trim(n.label)) = lower(trim(t.value)) THEN 'same ' || n.kind
                WHEN w.likeness >= 0.999 THEN 'same words in the ' || n.kind
                ELSE round(100 * least(w.likeness, 1))::INTEGER || ' % of the words of the ' || n.kind
            END || CASE WHEN n.kind = 'synonym' THEN ' ' || n.label ELSE '' END,
            w.notes) AS reason,
        w.exact OR lower(trim(n.label)) = lower(trim(t.value)) AS exact
    FROM by_words AS w
    INNER JOIN suggest_any_name AS n USING (name_id)
    INNER JOIN suggest_term AS t USING (term_id)
    WHERE w.likeness >= $least
      -- that nothing fits is said of a value, not of others with the same words
      AND (n.object IS DISTINCT FROM 'sssom:NoTermFound' OR lower(trim(n.label)) = lower(trim(t.value)))
      -- a unit of nearly the same words is another one: a thousand, a million
      AND (t.domain IS DISTINCT FROM 'Unit' OR w.likeness >= 0.999)
),
coded AS (
    SELECT
        term_id, concept_id, NULL AS object, CASE WHEN is_named THEN 1.0 ELSE 0.97 END AS score,
        'code of ' || vocabulary_id AS reason, true AS exact
    FROM suggest_code
    UNION ALL
    SELECT t.term_id, s.concept_id, NULL, 0.98, CASE WHEN s.curie = s.coding THEN 'code of UCUM' ELSE 'a spelling of ' || s.curie END, true
    FROM suggest_term AS t
    INNER JOIN coding_source AS s ON s.coding = 'UCUM:' || t.value
    WHERE t.domain = 'Unit' AND s.concept_id <> 0
),
found AS (
    FROM named
    UNION ALL
    FROM coded
),
led AS (
    SELECT
        f.term_id, coalesce(t.target_id, f.concept_id) AS concept_id,
        CASE WHEN t.target_id IS NULL AND f.concept_id IS NULL THEN f.object END AS object,
        f.score * CASE WHEN t.mapped AND NOT starts_with(f.reason, 'code') THEN 0.99 ELSE 1 END AS score,
        f.reason || CASE WHEN t.mapped AND starts_with(f.reason, 'code') THEN ', which maps to it'
                         WHEN t.mapped THEN ' of ' || c.vocabulary_id || ':' || c.concept_code || ', which maps to it'
                         ELSE '' END AS reason,
        f.exact
    FROM found AS f
    LEFT JOIN suggest_leads_to AS t ON t.concept_id = f.concept_id
    LEFT JOIN omop.concept AS c ON c.concept_id = f.concept_id
    WHERE t.target_id IS NOT NULL OR f.concept_id IS NULL
),
judged AS (
    SELECT
        l.term_id, l.concept_id, coalesce(replace(c.vocabulary_id, ' ', '_') || ':' || c.concept_code, l.object) AS concept,
        c.concept_name, c.domain_id,
        l.score * CASE WHEN t.likely IS NOT NULL AND c.domain_id IS DISTINCT FROM t.likely AND c.domain_id IS NOT NULL THEN 0.6
                       ELSE 1 END AS score,
        l.reason || CASE WHEN c.domain_id = coalesce(t.domain, t.likely) THEN '; domain ' || c.domain_id ELSE '' END AS reason,
        l.exact
    FROM led AS l
    INNER JOIN suggest_term AS t USING (term_id)
    LEFT JOIN omop.concept AS c ON c.concept_id = l.concept_id
    WHERE (t.domain IS NULL OR c.domain_id IS NULL OR c.domain_id = t.domain)
      AND NOT EXISTS (FROM measured AS m WHERE m.term_id = l.term_id AND contains(c.concept_name, '[')
                      AND NOT regexp_matches(lower(regexp_extract(c.concept_name, '\[([^\]]*)\]', 1)), m.property))
),
-- The two best reasons of a concept, each once, the better first.
one AS (
    SELECT
        term_id, concept, any_value(concept_id) AS concept_id, any_value(concept_name) AS concept_name,
        any_value(domain_id) AS domain_id, max(score) AS score,
        bool_or(exact) AS exact, list(reason ORDER BY score DESC, reason)[1:2] AS reasons
    FROM (SELECT * REPLACE (max(score) AS score, bool_or(exact) AS exact) FROM judged GROUP BY ALL)
    GROUP BY term_id, concept
)
SELECT
    term_id, row_number() OVER best AS rank, concept, concept_id, concept_name, domain_id,
    round(least(score, 1), 3)::DOUBLE AS score, exact, reasons
FROM one
WINDOW best AS (PARTITION BY term_id ORDER BY score DESC, concept = 'sssom:NoTermFound', length(concept_name), concept)
QUALIFY row_number() OVER best <= $limit
ORDER BY term_id, rank
