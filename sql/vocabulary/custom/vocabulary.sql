-- A vocabulary for each prefix of the value sets' subjects.
INSERT INTO omop.vocabulary BY NAME
SELECT DISTINCT
    v.vocabulary_id,
    v.vocabulary_id || ' (values of a source)' AS vocabulary_name,
    v.mapping AS vocabulary_reference,
    0 AS vocabulary_concept_id
FROM (SELECT vocabulary_id, min(mapping) AS mapping FROM harmonize.value_set GROUP BY vocabulary_id) AS v
ANTI JOIN omop.vocabulary AS o ON o.vocabulary_id = v.vocabulary_id
ORDER BY v.vocabulary_id
