-- The concept of a table (class Table), as image_feature names what it points at; NULL where the vocabulary has none.
-- on demand
CREATE OR REPLACE TEMP MACRO event_table(t) AS
    (SELECT min(concept_id) FROM omop.concept WHERE vocabulary_id = 'CDM' AND concept_class_id = 'Table' AND concept_name = t)
