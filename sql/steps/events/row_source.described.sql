-- The records that describe the drug or device of an event support its row.
-- when: midrc.drug or midrc.device_definition
-- after: condition_occurrence, drug_exposure, procedure_occurrence, device_exposure, measurement, observation
INSERT INTO harmonize.row_source
WITH named AS (
    SELECT m.record_id, m.mapping_id, d.record_id AS support, d.mapping_id AS support_mapping
    FROM midrc.medication m JOIN midrc.drug d USING (project_id, drug_key)
    UNION ALL
    SELECT m.record_id, m.mapping_id, d.record_id, d.mapping_id
    FROM midrc.device m JOIN midrc.device_definition d USING (project_id, device_key)
)
SELECT DISTINCT i.omop_table, i.omop_id, n.support, n.support_mapping, 'support'::harmonize.role
FROM named n
JOIN event e ON e.record_id = n.record_id AND e.mapping_id = n.mapping_id
JOIN harmonize.row_id i ON i.row_key = e.row_key AND i.omop_table::VARCHAR = e.omop_table
WHERE n.support <> n.record_id
