-- Every name under which a concept may be found: its own, its synonyms, and what sites call it (suggest_site). Names lead
-- to the standard concepts that they stand for.
CREATE OR REPLACE TEMP TABLE suggest_target AS
SELECT c.concept_id, c.concept_id AS target_id, false AS mapped
FROM omop.concept AS c
WHERE c.standard_concept = 'S' AND c.invalid_reason IS NULL
UNION
SELECT r.concept_id_1, r.concept_id_2, true
FROM omop.concept_relationship AS r
INNER JOIN omop.concept AS c ON c.concept_id = r.concept_id_2 AND c.standard_concept = 'S' AND c.invalid_reason IS NULL
WHERE r.relationship_id = 'Maps to' AND r.invalid_reason IS NULL AND r.concept_id_1 <> r.concept_id_2;

CREATE OR REPLACE TEMP TABLE suggest_name AS
WITH own AS (
    SELECT c.concept_id, 'name' AS kind, c.concept_name AS label
    FROM omop.concept AS c
    SEMI JOIN suggest_target AS t USING (concept_id)
    WHERE c.concept_id < 2000000000  -- above are the sites' own values
    UNION ALL
    SELECT s.concept_id, 'synonym', s.concept_synonym_name
    FROM omop.concept_synonym AS s
    SEMI JOIN suggest_target AS t USING (concept_id)
),
site AS (
    SELECT object, label, string_agg(DISTINCT site, ', ' ORDER BY site) AS sites, count(DISTINCT site) AS site_count
    FROM suggest_site
    GROUP BY object, label
)
SELECT own.concept_id, NULL AS object, own.kind, own.label, NULL AS sites, 0 AS site_count, plain_words(own.label) AS words
FROM own
UNION ALL
SELECT nullif(s.concept_id, 0), site.object, 'site', site.label, site.sites, site.site_count, plain_words(site.label)
FROM site
LEFT JOIN coding_source AS s ON s.coding = site.object;

CREATE OR REPLACE TEMP TABLE suggest_name_word AS
SELECT DISTINCT n.name_id, coalesce(f.form, n.word) AS word
FROM (SELECT rowid AS name_id, unnest(words) AS word FROM suggest_name) AS n
LEFT JOIN suggest_form AS f USING (word);

-- A word that few names have tells more; words that tell little have a share of that (suggest_words.tsv).
CREATE OR REPLACE TEMP TABLE suggest_weight AS
SELECT w.word, ln(1 + (SELECT count(*) FROM suggest_name) / count(*)) * coalesce(any_value(l.weight), 1) AS weight
FROM suggest_name_word AS w
LEFT JOIN suggest_light AS l USING (word)
GROUP BY w.word;

CREATE OR REPLACE TEMP TABLE suggest_name_weight AS
SELECT w.name_id, sum(weight) AS weight
FROM suggest_name_word AS w
INNER JOIN suggest_weight USING (word)
GROUP BY w.name_id
