-- The persons that the affected cases were until now.
CREATE OR REPLACE TEMP TABLE affected_person AS
SELECT DISTINCT person_id FROM harmonize.person_case SEMI JOIN affected_case USING (project_id, case_key)
