-- The cases of changed pairs are touched.
CREATE OR REPLACE TEMP TABLE touched_case AS
SELECT project_id_1 AS project_id, case_key_1 AS case_key FROM changed_pair
UNION
SELECT project_id_2, case_key_2 FROM changed_pair
