-- Relationships that name a concept which the vocabulary does not hold.
SELECT count(*)
FROM omop.concept_relationship AS r
WHERE r.concept_id_1 NOT IN (SELECT concept_id FROM omop.concept)
   OR r.concept_id_2 NOT IN (SELECT concept_id FROM omop.concept)
