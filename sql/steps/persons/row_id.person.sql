-- The id registry of the affected persons: one key a case, so that a case that comes again finds its person.
INSERT INTO harmonize.row_id
SELECT 'person', row_key, own_id FROM person_of_case WHERE own_id = person_id
