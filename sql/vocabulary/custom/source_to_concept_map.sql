-- The value sets as CDM rows; target 0 of vocabulary None where a subject has no standard concept.
INSERT INTO omop.source_to_concept_map BY NAME
SELECT
    code AS source_code,
    source_concept_id,
    vocabulary_id AS source_vocabulary_id,
    left(label, 255) AS source_code_description,
    target_concept_id,
    target_vocabulary_id,
    DATE '1970-01-01' AS valid_start_date,
    DATE '2099-12-31' AS valid_end_date
FROM value_set_target
ORDER BY source_concept_id, target_concept_id
