-- The concepts of a store's own (2,000,000,000 and above) to which two stores give different ids: the same by vocabulary and code.
-- One that only the second has takes a negative id, lest it be taken for another of the first.
CREATE TEMP TABLE concept_of_b AS
SELECT b.concept_id AS id, coalesce(a.concept_id, -b.concept_id) AS id_of_a
FROM b_.omop.concept b
LEFT JOIN a_.omop.concept a
  ON a.vocabulary_id = b.vocabulary_id AND a.concept_code = b.concept_code AND a.concept_id >= 2000000000
WHERE b.concept_id >= 2000000000 AND a.concept_id IS DISTINCT FROM b.concept_id
