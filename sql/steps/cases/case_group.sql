-- Of every case in a pair: link_root, the same for all cases of one person; root, the same for those that are merged; days
--   that move its dates to the root's. Where two ways through the pairs give different days, none of the cases is merged.
-- when: pair
CREATE OR REPLACE TEMP TABLE case_group AS
WITH contradictory AS (
    SELECT DISTINCT one.root
    FROM node_pair p
    JOIN merged_case one ON one.node = p.node_1
    JOIN merged_case two ON two.node = p.node_2
    WHERE p.days IS NOT NULL AND two.days <> one.days + p.days
)
SELECT n.project_id, n.case_key, l.root AS link_root, c.root IS NOT NULL AS is_contradictory,
       CASE WHEN c.root IS NULL THEN m.root ELSE n.node END AS root,
       CASE WHEN c.root IS NULL THEN m.days ELSE 0 END AS days
FROM case_node n
JOIN linked_case l USING (node)
JOIN merged_case m USING (node)
LEFT JOIN contradictory c ON c.root = m.root
