-- A study that is a procedure already told supports that row.
-- when: study_row
INSERT INTO harmonize.row_source
SELECT 'procedure_occurrence', procedure_occurrence_id, record_id, mapping_id, 'support'::harmonize.role
FROM study_match WHERE procedure_occurrence_id IS NOT NULL
