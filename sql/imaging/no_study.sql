-- The studies of the affected cases where they have none.
CREATE OR REPLACE TEMP TABLE study_of_case (project_id VARCHAR, case_key VARCHAR, study_uid VARCHAR)
