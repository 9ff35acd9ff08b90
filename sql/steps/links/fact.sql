-- The rows of the affected persons that fact_relationship may name.
-- when: aimed_link
CREATE OR REPLACE TEMP TABLE fact AS
FROM fact_row SEMI JOIN (FROM harmonize.person_case SEMI JOIN affected_case USING (project_id, case_key)) USING (person_id)
