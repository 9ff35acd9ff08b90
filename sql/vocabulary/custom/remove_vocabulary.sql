-- The vocabularies of custom concepts that no concept uses any more.
DELETE FROM omop.vocabulary
WHERE vocabulary_id IN (SELECT vocabulary_id FROM harmonize.custom_concept)
  AND vocabulary_id NOT IN (SELECT vocabulary_id FROM omop.concept)
