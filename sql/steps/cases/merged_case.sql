-- Which cases hang together, those with a common time base: of every case the lowest that a way of pairs leads to (root), and the
-- days that move its dates to that root's. Each begins as its own; merged_case.spread goes on.
-- when: pair
CREATE OR REPLACE TEMP TABLE merged_case AS
SELECT node, node AS root, 0 AS days FROM case_node
