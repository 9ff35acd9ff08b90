-- The cases of the whole store, as the steps of sql/steps name those that they look at.
CREATE OR REPLACE TEMP TABLE affected_case AS SELECT DISTINCT project_id, case_key FROM midrc."case"
