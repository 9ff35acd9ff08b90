-- title: How far is the cohort from the population?
-- asked_by: Those who curate the commons; authors who describe a cohort; reviewers of fairness.
-- parameter: project text; only this project
-- parameter: reference reference = us-census-2020; a shipped table of figures, or a TSV of characteristic, category, persons
-- parameter: imaged boolean = false; only persons with an imaging study
-- column: characteristic; sex, age, race or ethnicity
-- column: category; its category, as OMOP's concept is called; of age the years
-- column: persons; persons of the cohort
-- column: share; their share of those whose category is known
-- column: reference_share; the share in the reference
-- column: distance; Jensen-Shannon distance of the characteristic: 0 alike, 1 nothing in common
-- column: unknown; persons whose category is not known, or none of the reference's (such as an age in a band over two groups)
-- needs: persons
-- note: The distance is the square root of the Jensen-Shannon divergence with logarithms to base 2.
-- note: us-census-2020 counts the race White, Black ... alone; some other race and two or more races have no person of OMOP's.
WITH reference AS (
    SELECT unnest(from_json($reference, '[{"characteristic": "VARCHAR", "category": "VARCHAR", "persons": "BIGINT"}]'), recursive := true)
),
band AS (
    SELECT category, regexp_extract(category, '^\d+')::INTEGER AS low,
           try_cast(regexp_extract(category, '-(\d+)$', 1) AS INTEGER) AS high
    FROM reference
    WHERE characteristic = 'age'
),
person AS (
    SELECT p.person_id, p.sex, p.race, p.ethnicity,
           coalesce(p.age_low, try_cast(regexp_extract(p.age_text, '^(\d+)\+$', 1) AS INTEGER)) AS low, p.age_high AS high
    FROM linked.person_summary p
    SEMI JOIN harmonize.person_case c ON c.person_id = p.person_id AND c.project_id = coalesce($project, c.project_id)
    WHERE p.studies > 0 OR NOT $imaged
),
told AS (
    SELECT person_id, 'sex' AS characteristic, lower(sex) AS category FROM person
    UNION ALL
    SELECT person_id, 'race', lower(race) FROM person
    UNION ALL
    SELECT person_id, 'ethnicity', lower(ethnicity) FROM person
    UNION ALL
    -- an age is of a group where all years that it may be are
    SELECT p.person_id, 'age', lower(b.category)
    FROM person p
    LEFT JOIN band b ON p.low >= b.low AND coalesce(p.high, CASE WHEN b.high IS NULL THEN p.low END) <= coalesce(b.high, 200)
),
counted AS (
    SELECT r.characteristic, r.category, r.persons AS reference_persons, count(t.person_id) AS persons
    FROM reference r
    LEFT JOIN told t ON t.characteristic = r.characteristic AND t.category = lower(r.category)
    GROUP BY ALL
),
share AS (
    SELECT characteristic, category, persons,
           persons / nullif(sum(persons) OVER (PARTITION BY characteristic), 0) AS p,
           reference_persons / sum(reference_persons) OVER (PARTITION BY characteristic) AS q
    FROM counted
),
divergence AS (
    SELECT characteristic, sum(persons) AS known,
           sum(coalesce(p * log2(nullif(p, 0) / ((p + q) / 2)), 0) + coalesce(q * log2(nullif(q, 0) / ((p + q) / 2)), 0)
               ORDER BY category) / 2 AS bits
    FROM share
    GROUP BY characteristic
)
SELECT s.characteristic, s.category, s.persons, round(s.p, 4) AS share, round(s.q, 4) AS reference_share,
       CASE WHEN d.known > 0 THEN round(sqrt(greatest(d.bits, 0)), 4) END AS distance,
       ((SELECT count(*) FROM person) - d.known)::BIGINT AS unknown
FROM share s
JOIN divergence d ON d.characteristic = s.characteristic
WHERE EXISTS (FROM person)
ORDER BY s.characteristic, s.category
