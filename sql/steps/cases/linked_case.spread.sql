-- Each takes over the lowest root among those that pairs join it with, until no root changes.
-- when: pair
-- repeat: until no row changes
UPDATE linked_case
SET root = s.root, days = s.days
FROM (
    SELECT node, min(root) AS root, arg_min(days, (root, days)) AS days
    FROM (SELECT p.node_2 AS node, g.root, 0 AS days FROM node_pair p JOIN linked_case g ON g.node = p.node_1
          UNION ALL
          SELECT p.node_1, g.root, 0 FROM node_pair p JOIN linked_case g ON g.node = p.node_2)
    GROUP BY node
) s
WHERE linked_case.node = s.node AND s.root < linked_case.root
