-- Persons that pairs of cases join and that stay two, for want of a shared time base.
-- when: node_pair
-- after: person_same_as.gone
INSERT INTO harmonize.person_same_as
WITH member AS (
    SELECT DISTINCT g.link_root, p.person_id
    FROM case_group g JOIN harmonize.person_case p USING (project_id, case_key)
),
basis AS (
    SELECT l.root AS link_root, string_agg(DISTINCT p.basis, ', ' ORDER BY p.basis) AS basis
    FROM node_pair p JOIN linked_case l ON l.node = p.node_1
    GROUP BY l.root
)
SELECT one.person_id, two.person_id, b.basis
FROM member one
JOIN member two ON two.link_root = one.link_root AND two.person_id > one.person_id
JOIN basis b ON b.link_root = one.link_root
