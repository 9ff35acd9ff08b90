-- Persons and the cases that they are, with their sites: in a store.
CREATE OR REPLACE TEMP TABLE quality_case AS
SELECT person_id, project_id, case_key FROM harmonize.person_case
