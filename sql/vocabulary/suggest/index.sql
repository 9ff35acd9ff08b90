-- The word index in schema {schema}: which standard concepts every concept stands for, every name and synonym under which
-- one may be found, and the words of these. It depends on the vocabulary and on the word lists, not on sites or terms.
CREATE OR REPLACE {temp} TABLE {schema}.suggest_target AS
SELECT c.concept_id, c.concept_id AS target_id, false AS mapped
FROM omop.concept AS c
WHERE is_target(c.standard_concept, c.invalid_reason)
UNION
SELECT r.concept_id_1, r.concept_id_2, true
FROM omop.concept_relationship AS r
INNER JOIN omop.concept AS c ON c.concept_id = r.concept_id_2 AND is_target(c.standard_concept, c.invalid_reason)
WHERE r.relationship_id = 'Maps to' AND r.invalid_reason IS NULL AND r.concept_id_1 <> r.concept_id_2
ORDER BY 1;

CREATE OR REPLACE {temp} TABLE {schema}.suggest_name AS
WITH named AS (
    SELECT c.concept_id, 'name' AS kind, c.concept_name AS label
    FROM omop.concept AS c
    SEMI JOIN {schema}.suggest_target AS t USING (concept_id)
    WHERE c.concept_id < 2000000000  -- above are the sites' own values
    UNION ALL
    SELECT s.concept_id, 'synonym', s.concept_synonym_name
    FROM omop.concept_synonym AS s
    SEMI JOIN {schema}.suggest_target AS t USING (concept_id)
)
SELECT row_number() OVER () AS name_id, * FROM named;

-- Sorted by word, so that looking a word up reads a small part of it.
CREATE OR REPLACE {temp} TABLE {schema}.suggest_name_word AS
SELECT DISTINCT coalesce(f.form, n.word) AS word, n.name_id
FROM (SELECT name_id, unnest(plain_words(label)) AS word FROM {schema}.suggest_name) AS n
LEFT JOIN suggest_form AS f USING (word)
ORDER BY word, name_id;

CREATE OR REPLACE {temp} TABLE {schema}.suggest_word_count AS
SELECT word, count(*) AS names FROM {schema}.suggest_name_word GROUP BY word ORDER BY word;

CREATE OR REPLACE {temp} TABLE {schema}.suggest_index AS SELECT $fingerprint AS fingerprint
