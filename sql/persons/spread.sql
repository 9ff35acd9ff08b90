-- One step of finding which cases hang together: each takes over the lowest root among those that {pairs} join it with,
--   and the days that move its dates to that root's. {groups} has node, root, days.
UPDATE {groups}
SET root = s.root, days = s.days
FROM (
    SELECT node, min(root) AS root, arg_min(days, (root, days)) AS days
    FROM (SELECT p.node_2 AS node, g.root, g.days + p.days AS days FROM {pairs} p JOIN {groups} g ON g.node = p.node_1
          UNION ALL
          SELECT p.node_1, g.root, g.days - p.days FROM {pairs} p JOIN {groups} g ON g.node = p.node_2)
    GROUP BY node
) s
WHERE {groups}.node = s.node AND s.root < {groups}.root
