-- The cases of case_pair by number, in the order of project and key.
-- when: pair
CREATE OR REPLACE TEMP TABLE case_node AS
SELECT row_number() OVER (ORDER BY project_id, case_key) AS node, project_id, case_key
FROM (SELECT project_id_1 AS project_id, case_key_1 AS case_key FROM case_pair
      UNION SELECT project_id_2, case_key_2 FROM case_pair)
