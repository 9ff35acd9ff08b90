-- The records that support an event told by several (see shared_event.sql); the primary one is written with the row.
-- when: shared_event
-- after: condition_occurrence, drug_exposure, procedure_occurrence, device_exposure, measurement, observation
INSERT INTO harmonize.row_source
SELECT DISTINCT i.omop_table, i.omop_id, s.record_id, s.mapping_id, 'support'::harmonize.role
FROM shared_event s
JOIN shared_event f ON f.node = s.node AND f.row_key = s.row_key AND f.rank = 1
JOIN event e ON e.record_id = f.record_id AND e.mapping_id = f.mapping_id
JOIN harmonize.row_id i ON i.row_key = e.row_key AND i.omop_table::VARCHAR = e.omop_table
WHERE s.rank > 1
