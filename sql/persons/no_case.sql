-- The cases that a change touches, before any is.
CREATE OR REPLACE TEMP TABLE touched_case (project_id VARCHAR, case_key VARCHAR)
