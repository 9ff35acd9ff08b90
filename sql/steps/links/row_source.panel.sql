-- The record of a panel without a row of its own supports the rows of its members.
-- when: aimed_link
INSERT INTO harmonize.row_source
SELECT DISTINCT table_2, id_2, record_id, mapping_id, 'support'::harmonize.role FROM fact_pair WHERE id_1 IS NULL
