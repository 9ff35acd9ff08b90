-- The cases of every person of whom one case is sequestered; also of one who stays two rows, as the dates have no common base.
WITH RECURSIVE pair AS (
    SELECT person_id_1 AS one, person_id_2 AS other FROM harmonize.person_same_as
    UNION ALL SELECT person_id_2, person_id_1 FROM harmonize.person_same_as
),
person AS (
    SELECT DISTINCT c.person_id
    FROM harmonize.sequestration s
    JOIN harmonize.person_case c ON c.project_id = s.project_id AND c.case_key = s.case_key
    WHERE s.side = 'sequestered'
    UNION
    SELECT p.other FROM person r JOIN pair p ON p.one = r.person_id
)
SELECT s.project_id, s.case_key FROM harmonize.sequestration s WHERE s.side = 'sequestered'
UNION
SELECT c.project_id, c.case_key FROM harmonize.person_case c JOIN person p ON p.person_id = c.person_id
ORDER BY 1, 2
