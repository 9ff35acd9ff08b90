-- One row per CURIE of the table {codings}: the concept that it names, if any.
-- vocabulary_id as the vocabulary writes it ("_" may stand for a blank in a CURIE), code as in the CURIE.
-- Several concepts with one code: the code as written before its alias (U/L: [U]/L), both before a unit's other spellings
-- (µg/L, 10⁹/L: plain_unit of spelling.sql), valid before invalid, standard
-- before not, then the lowest id.
CREATE OR REPLACE TEMP TABLE coding_source AS
WITH part AS (
    SELECT DISTINCT
        coding,
        CASE WHEN contains(coding, ':') THEN split_part(coding, ':', 1) END AS prefix,
        CASE WHEN contains(coding, ':') THEN substr(coding, instr(coding, ':') + 1) ELSE coding END AS code
    FROM {codings}
    WHERE coding IS NOT NULL
),
known AS (
    SELECT part.coding, coalesce(exact.vocabulary_id, blank.vocabulary_id, part.prefix) AS vocabulary_id, part.code
    FROM part
    LEFT JOIN omop.vocabulary AS exact ON exact.vocabulary_id = part.prefix
    LEFT JOIN omop.vocabulary AS blank
        ON blank.vocabulary_id = replace(part.prefix, '_', ' ') AND exact.vocabulary_id IS NULL
),
respelled AS (
    SELECT coding, vocabulary_id, plain_unit(code) AS unit FROM known WHERE vocabulary_id = 'UCUM' AND plain_unit(code) <> code
),
spelling AS (
    SELECT coding, vocabulary_id, code AS concept_code, 0 AS spelling_rank FROM known
    UNION ALL
    SELECT known.coding, alias.target_vocabulary_id, alias.target_code, alias.alias_rank
    FROM known
    INNER JOIN code_alias AS alias ON alias.vocabulary_id = known.vocabulary_id AND alias.alias = known.code
    UNION ALL
    SELECT coding, vocabulary_id, unit, 100000 FROM respelled
    UNION ALL
    SELECT respelled.coding, alias.target_vocabulary_id, alias.target_code, 100000 + alias.alias_rank
    FROM respelled
    INNER JOIN code_alias AS alias ON alias.vocabulary_id = 'UCUM' AND alias.alias = respelled.unit
    UNION ALL  -- OMOP:id names a concept of which nobody confirmed the code; nothing where the vocabulary has no such id
    SELECT known.coding, c.vocabulary_id, c.concept_code, 0
    FROM known
    INNER JOIN omop.concept AS c ON known.vocabulary_id = 'OMOP' AND c.concept_id = try_cast(known.code AS INTEGER)
),
candidate AS (
    SELECT
        s.coding, c.concept_id, c.vocabulary_id || ':' || c.concept_code AS curie,
        c.concept_name, c.domain_id, c.standard_concept, c.invalid_reason,
        row_number() OVER (
            PARTITION BY s.coding
            ORDER BY s.spelling_rank, c.invalid_reason IS NOT NULL, c.standard_concept IS DISTINCT FROM 'S', c.concept_id
        ) AS choice
    FROM spelling AS s
    INNER JOIN omop.concept AS c ON c.vocabulary_id = s.vocabulary_id AND c.concept_code = s.concept_code
)
SELECT
    known.coding, known.vocabulary_id, known.code,
    coalesce(candidate.concept_id, 0) AS concept_id,
    candidate.curie, candidate.concept_name, candidate.domain_id, candidate.standard_concept,
    candidate.invalid_reason
FROM known
LEFT JOIN candidate ON candidate.coding = known.coding AND candidate.choice = 1
