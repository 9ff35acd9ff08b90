-- The panel that a result is a member of.
-- when: aimed_link
UPDATE omop.measurement SET measurement_event_id = p.event_id, meas_event_field_concept_id = event_field(p.event_table)
FROM pointed p
WHERE p.omop_table = 'measurement' AND p.omop_id = measurement.measurement_id
