-- Which cases hang together, whatever their time: of every case the lowest that a way of pairs leads to (root), and the
-- days that move its dates to that root's. Each begins as its own; linked_case.spread goes on.
-- when: pair
CREATE OR REPLACE TEMP TABLE linked_case AS
SELECT node, node AS root, 0 AS days FROM case_node
