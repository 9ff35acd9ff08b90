-- The concept of a table's id column, as *_event_field_concept_id names it; NULL where the vocabulary has none.
-- on demand
CREATE OR REPLACE TEMP MACRO event_field(t) AS
    (SELECT min(concept_id) FROM omop.concept WHERE vocabulary_id = 'CDM' AND concept_name = t || '.' || t || '_id')
