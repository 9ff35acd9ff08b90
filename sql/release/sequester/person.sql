-- Which cases are one person, under whatever ids: those that were merged, and those that are one and stay two rows.
CREATE OR REPLACE TEMP TABLE sequester_person AS
WITH RECURSIVE pair AS (
    SELECT person_id_1 AS one, person_id_2 AS other FROM harmonize.person_same_as
    UNION ALL SELECT person_id_2, person_id_1 FROM harmonize.person_same_as
),
reached AS (
    SELECT DISTINCT person_id, person_id AS reached_id FROM harmonize.person_case
    UNION
    SELECT r.person_id, p.other FROM reached r JOIN pair p ON p.one = r.reached_id
)
SELECT c.project_id, c.case_key, c.person_id, g.person
FROM harmonize.person_case c
JOIN (SELECT person_id, min(reached_id) AS person FROM reached GROUP BY person_id) g USING (person_id)
