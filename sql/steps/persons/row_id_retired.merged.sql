-- The ids of cases that share that of a chosen one wait.
-- after: row_id_retired.kept
INSERT INTO harmonize.row_id_retired
SELECT 'person', row_key, own_id FROM person_of_case WHERE own_id <> person_id
