-- The cases of the whole store, as statements of sql/standardize name those that they look at.
CREATE OR REPLACE TEMP TABLE affected_case AS SELECT DISTINCT project_id, case_key FROM midrc."case"
