-- What the concepts were called, and what they were, before a vocabulary is replaced.
CREATE OR REPLACE TEMP TABLE concept_before AS
SELECT concept_id, vocabulary_id || ':' || concept_code AS code, concept_name, domain_id FROM omop.concept
