-- Every dated event of every person in one tall shape, with names in place of concept ids. Images: see imaging_series.
CREATE VIEW linked.event AS
WITH event AS (
    SELECT person_id, 'visit_occurrence' AS omop_table, visit_occurrence_id AS omop_id, visit_start_date AS start_date,
           visit_end_date AS end_date, visit_concept_id AS concept_id, visit_source_value AS source_value, visit_occurrence_id
    FROM omop.visit_occurrence
    UNION ALL BY NAME
    SELECT person_id, 'visit_detail' AS omop_table, visit_detail_id AS omop_id, visit_detail_start_date AS start_date,
           visit_detail_end_date AS end_date, visit_detail_concept_id AS concept_id,
           visit_detail_source_value AS source_value, visit_occurrence_id
    FROM omop.visit_detail
    UNION ALL BY NAME
    SELECT person_id, 'condition_occurrence' AS omop_table, condition_occurrence_id AS omop_id,
           condition_start_date AS start_date, condition_end_date AS end_date, condition_concept_id AS concept_id,
           condition_source_value AS source_value, visit_occurrence_id
    FROM omop.condition_occurrence
    UNION ALL BY NAME
    SELECT person_id, 'drug_exposure' AS omop_table, drug_exposure_id AS omop_id, drug_exposure_start_date AS start_date,
           drug_exposure_end_date AS end_date, drug_concept_id AS concept_id, drug_source_value AS source_value,
           quantity AS value_as_number, visit_occurrence_id
    FROM omop.drug_exposure
    UNION ALL BY NAME
    SELECT person_id, 'procedure_occurrence' AS omop_table, procedure_occurrence_id AS omop_id, procedure_date AS start_date,
           procedure_end_date AS end_date, procedure_concept_id AS concept_id, procedure_source_value AS source_value,
           visit_occurrence_id
    FROM omop.procedure_occurrence
    UNION ALL BY NAME
    SELECT person_id, 'device_exposure' AS omop_table, device_exposure_id AS omop_id, device_exposure_start_date AS start_date,
           device_exposure_end_date AS end_date, device_concept_id AS concept_id, device_source_value AS source_value,
           visit_occurrence_id
    FROM omop.device_exposure
    UNION ALL BY NAME
    SELECT person_id, 'measurement' AS omop_table, measurement_id AS omop_id, measurement_date AS start_date,
           measurement_concept_id AS concept_id, measurement_source_value AS source_value, value_as_number,
           value_source_value AS value_as_string, value_as_concept_id, unit_concept_id, unit_source_value, visit_occurrence_id
    FROM omop.measurement
    UNION ALL BY NAME
    SELECT person_id, 'observation' AS omop_table, observation_id AS omop_id, observation_date AS start_date,
           observation_concept_id AS concept_id, observation_source_value AS source_value, value_as_number, value_as_string,
           value_as_concept_id, unit_concept_id, unit_source_value, visit_occurrence_id
    FROM omop.observation
    UNION ALL BY NAME
    SELECT person_id, 'specimen' AS omop_table, specimen_id AS omop_id, specimen_date AS start_date,
           specimen_concept_id AS concept_id, specimen_source_value AS source_value, quantity AS value_as_number, unit_concept_id,
           unit_source_value
    FROM omop.specimen
    UNION ALL BY NAME
    SELECT person_id, 'note' AS omop_table, note_id AS omop_id, note_date AS start_date, note_class_concept_id AS concept_id,
           note_source_value AS source_value, note_title AS value_as_string, visit_occurrence_id
    FROM omop.note
    UNION ALL BY NAME
    SELECT person_id, 'death' AS omop_table, person_id AS omop_id, death_date AS start_date,
           cause_concept_id AS concept_id, cause_source_value AS source_value
    FROM omop.death
)
SELECT e.person_id, p.project_id, p.site_id, e.omop_table, e.omop_id, e.start_date, e.end_date, p.dates, e.concept_id,
       coalesce(c.concept_name, e.source_value) AS concept_name, e.source_value, e.value_as_number, e.value_as_string,
       coalesce(v.concept_name, CASE WHEN e.omop_table IN ('measurement', 'observation') AND e.value_as_number IS NULL
                                    THEN e.value_as_string END) AS value_concept_name,
       coalesce(u.concept_name, e.unit_source_value) AS unit_name, e.visit_occurrence_id
FROM event e
LEFT JOIN harmonize.person_place p ON p.person_id = e.person_id
LEFT JOIN omop.concept c ON c.concept_id = nullif(e.concept_id, 0)
LEFT JOIN omop.concept v ON v.concept_id = nullif(e.value_as_concept_id, 0)
LEFT JOIN omop.concept u ON u.concept_id = nullif(e.unit_concept_id, 0);

COMMENT ON VIEW linked.event IS 'Every dated event of every person in one tall shape, with names in place of concept ids. Images are in linked.imaging_series.';
COMMENT ON COLUMN linked.event.person_id IS 'The person in omop.person.';
COMMENT ON COLUMN linked.event.project_id IS 'Project of the person; of one who is of several that whose key the person has (harmonize.person_case names all).';
COMMENT ON COLUMN linked.event.site_id IS 'The site that sent the case, as the hub has it (midrc.case.site_id); NULL where it is not told.';
COMMENT ON COLUMN linked.event.omop_table IS 'The table of the CDM that holds the event.';
COMMENT ON COLUMN linked.event.omop_id IS 'Its id there (of a death the person_id): harmonize lineage TABLE ID tells where it came from.';
COMMENT ON COLUMN linked.event.start_date IS 'Day on which it happened or began.';
COMMENT ON COLUMN linked.event.end_date IS 'Day on which it ended; NULL where it is not told.';
COMMENT ON COLUMN linked.event.dates IS 'Whose days these are: real (the calendar''s), shifted (moved by us for each person), offset (counted from an index event), shifted_by_source (moved before they were sent).';
COMMENT ON COLUMN linked.event.concept_id IS '0: the source''s code has no standard concept, or the row says that a thing is absent (see value_concept_name).';
COMMENT ON COLUMN linked.event.concept_name IS 'Name of the standard concept, else what the source wrote; of a death its cause.';
COMMENT ON COLUMN linked.event.source_value IS 'What the source wrote.';
COMMENT ON COLUMN linked.event.value_as_number IS 'Measured value in unit_name; of a drug or specimen the quantity.';
COMMENT ON COLUMN linked.event.value_as_string IS 'The answer or value as text.';
COMMENT ON COLUMN linked.event.value_concept_name IS 'The answer as a concept, else as the source wrote it where it is no number; or the thing that is absent, refuted, of a relative or an allergy.';
COMMENT ON COLUMN linked.event.unit_name IS 'Name of the unit''s concept, else the unit as the source wrote it.';
COMMENT ON COLUMN linked.event.visit_occurrence_id IS 'The visit in omop.visit_occurrence; NULL where there is none.';
