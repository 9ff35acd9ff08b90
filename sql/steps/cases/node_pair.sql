-- case_pair by the numbers of its cases.
-- when: pair
CREATE OR REPLACE TEMP TABLE node_pair AS
SELECT one.node AS node_1, two.node AS node_2, p.days, p.basis
FROM case_pair p
JOIN case_node one ON one.project_id = p.project_id_1 AND one.case_key = p.case_key_1
JOIN case_node two ON two.project_id = p.project_id_2 AND two.case_key = p.case_key_2
