-- Each takes over the lowest root among those that pairs join it with, until no root changes.
-- when: pair
-- repeat: until no row changes
UPDATE merged_case
SET root = s.root, days = s.days
FROM (
    SELECT node, min(root) AS root, arg_min(days, (root, days)) AS days
    FROM (SELECT p.node_2 AS node, g.root, g.days + p.days AS days
          FROM (FROM node_pair WHERE days IS NOT NULL) p JOIN merged_case g ON g.node = p.node_1
          UNION ALL
          SELECT p.node_1, g.root, g.days - p.days FROM (FROM node_pair WHERE days IS NOT NULL) p JOIN merged_case g ON g.node = p.node_2)
    GROUP BY node
) s
WHERE merged_case.node = s.node AND s.root < merged_case.root
