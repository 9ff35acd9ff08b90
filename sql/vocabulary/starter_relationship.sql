-- Relationships of the starter rows in use, where the other end is in the vocabulary too.
INSERT INTO omop.concept_relationship BY NAME
SELECT r.*
FROM starter_concept_relationship AS r
SEMI JOIN starter_missing AS s ON s.concept_id = r.concept_id_1
SEMI JOIN omop.concept AS c ON c.concept_id = r.concept_id_2
