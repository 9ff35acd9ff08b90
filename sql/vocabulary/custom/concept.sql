-- The custom source concepts. Non-standard; of the domain of their (lowest) target, else Observation.
INSERT INTO omop.concept BY NAME
SELECT
    source_concept_id AS concept_id,
    left(min(label), 255) AS concept_name,
    coalesce(arg_min(target_domain_id, target_concept_id), 'Observation') AS domain_id,
    vocabulary_id,
    'Undefined' AS concept_class_id,
    code AS concept_code,
    DATE '1970-01-01' AS valid_start_date,
    DATE '2099-12-31' AS valid_end_date
FROM value_set_target
GROUP BY source_concept_id, vocabulary_id, code
ORDER BY source_concept_id
