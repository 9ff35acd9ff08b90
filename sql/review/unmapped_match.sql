-- Subjects without a concept (table review_subject: subject_id, label) whose label is the name of a standard concept.
SELECT s.subject_id, c.vocabulary_id || ':' || c.concept_code AS code, c.concept_name AS name, c.domain_id AS domain
FROM review_subject AS s
INNER JOIN omop.concept AS c ON lower(c.concept_name) = lower(s.label)
WHERE is_target(c.standard_concept, c.invalid_reason)
ORDER BY ALL
