-- What sites call a concept (suggest_site), beside the word index of schema {schema}; its names have ids below zero.
CREATE OR REPLACE TEMP TABLE suggest_site_name AS
WITH site AS (
    SELECT object, label, string_agg(DISTINCT site, ', ' ORDER BY site) AS sites, count(DISTINCT site) AS site_count
    FROM suggest_site
    GROUP BY object, label
)
SELECT
    -row_number() OVER (ORDER BY site.object, site.label) AS name_id, nullif(s.concept_id, 0) AS concept_id,
    site.object, site.label, site.sites, site.site_count
FROM site
LEFT JOIN coding_source AS s ON s.coding = site.object;

CREATE OR REPLACE TEMP TABLE suggest_site_word AS
SELECT DISTINCT coalesce(f.form, n.word) AS word, n.name_id
FROM (SELECT name_id, unnest(plain_words(label)) AS word FROM suggest_site_name) AS n
LEFT JOIN suggest_form AS f USING (word);

CREATE OR REPLACE TEMP VIEW suggest_any_word AS
SELECT word, name_id FROM {schema}.suggest_name_word
UNION ALL
SELECT word, name_id FROM suggest_site_word;

CREATE OR REPLACE TEMP VIEW suggest_any_name AS
SELECT name_id, concept_id, NULL AS object, kind, label, NULL AS sites, 0 AS site_count FROM {schema}.suggest_name
UNION ALL
SELECT name_id, concept_id, object, 'site', label, sites, site_count FROM suggest_site_name;

CREATE OR REPLACE TEMP VIEW suggest_leads_to AS FROM {schema}.suggest_target;

-- A word that few names have tells more; words that tell little have a share of that (suggest_words.tsv).
CREATE OR REPLACE TEMP TABLE suggest_weight AS
WITH counted AS (
    SELECT word, sum(names) AS names
    FROM (FROM {schema}.suggest_word_count UNION ALL SELECT word, count(*) FROM suggest_site_word GROUP BY word)
    GROUP BY word
)
SELECT
    c.word,
    ln(1 + ((SELECT count(*) FROM {schema}.suggest_name) + (SELECT count(*) FROM suggest_site_name)) / c.names)
        * coalesce(l.weight, 1) AS weight
FROM counted AS c
LEFT JOIN suggest_light AS l USING (word)
