-- What the crosswalk and tokens come to now: persons of several cases, pairs of persons that stay two, pairs that wait for
-- a case, cases that contradictory day differences keep apart.
SELECT (SELECT count(*) FROM (SELECT person_id FROM harmonize.person_case GROUP BY person_id HAVING count(*) > 1)),
       (SELECT count(*) FROM harmonize.person_same_as),
       (SELECT count(*) FROM harmonize.crosswalk c
        WHERE NOT EXISTS (FROM harmonize.person_case p WHERE p.project_id = c.project_id_1 AND p.case_key = c.case_key_1)
           OR NOT EXISTS (FROM harmonize.person_case p WHERE p.project_id = c.project_id_2 AND p.case_key = c.case_key_2)),
       (SELECT count(*) FROM case_group WHERE is_contradictory)
