-- The person of each affected case. Every case has an id of its own; merged cases share that of one of them, which was chosen
--   when they became one: the first by project and case key, loaded or not, of all that the pairs join, of those that no other
--   replaces where there are any. It stays chosen while it is among them and no other replaces it, so that no id changes as others
--   come; of several such the first. day_shift moves a case's dates to the time base of the chosen case. A chosen case that is not
--   loaded (is_loaded false) has a row of its own, for its id alone.
CREATE OR REPLACE TEMP TABLE person_of_case AS
WITH own AS (
    SELECT p.project_id, p.case_key, k.row_key, coalesce(r.omop_id, p.person_id) AS own_id, p.chosen_project_id, p.chosen_case_key,
           g.root, coalesce(g.days, 0) AS days
    FROM harmonize.person_case p
    JOIN (SELECT project_id, case_key, md5('person|' || project_id || '|' || case_key)::UUID AS row_key
          FROM affected_case) k USING (project_id, case_key)
    LEFT JOIN harmonize.row_id_retired r ON r.omop_table = 'person' AND r.row_key = k.row_key
    LEFT JOIN case_group g USING (project_id, case_key)
),
several AS (
    SELECT root FROM own WHERE root IS NOT NULL GROUP BY root HAVING count(*) > 1
),
candidate AS (
    FROM case_group SEMI JOIN several USING (root) ANTI JOIN harmonize.withdrawn_case USING (project_id, case_key)
),
-- cases that were chosen for two or more of a group's cases before, are still in the group and replaced by none
kept AS (
    SELECT o.root, o.chosen_project_id AS project_id, o.chosen_case_key AS case_key
    FROM own o
    SEMI JOIN candidate g ON g.root = o.root AND g.project_id = o.chosen_project_id AND g.case_key = o.chosen_case_key
    ANTI JOIN replaced_case r ON r.project_id = o.chosen_project_id AND r.case_key = o.chosen_case_key
    GROUP BY ALL
    HAVING count(*) > 1
),
chosen AS (
    SELECT g.root,
           coalesce(min((k.project_id, k.case_key)) FILTER (k.root IS NOT NULL),
                    arg_min((g.project_id, g.case_key), (r.case_key IS NOT NULL, g.project_id, g.case_key))) AS first
    FROM candidate g
    LEFT JOIN (SELECT DISTINCT project_id, case_key FROM replaced_case) r USING (project_id, case_key)
    LEFT JOIN kept k ON k.root = g.root AND k.project_id = g.project_id AND k.case_key = g.case_key
    GROUP BY g.root
),
chosen_case AS (
    SELECT c.root, g.project_id, g.case_key, g.days, o.own_id, md5('person|' || g.project_id || '|' || g.case_key)::UUID AS row_key
    FROM chosen c
    JOIN candidate g ON g.root = c.root AND g.project_id = c.first[1] AND g.case_key = c.first[2]
    LEFT JOIN own o ON o.project_id = g.project_id AND o.case_key = g.case_key
),
-- the id of a chosen case that is not loaded: the one that it had before, else the next
numbered AS (
    SELECT c.* REPLACE (
        coalesce(c.own_id, r.omop_id,
                 (SELECT max(omop_id) FROM (
                     SELECT omop_id FROM harmonize.row_id WHERE omop_table = 'person'
                     UNION ALL SELECT omop_id FROM harmonize.row_id_retired WHERE omop_table = 'person'
                     UNION ALL SELECT person_id FROM harmonize.person_case))
                 + row_number() OVER (PARTITION BY coalesce(c.own_id, r.omop_id) IS NULL ORDER BY c.project_id, c.case_key)) AS own_id),
        c.own_id IS NOT NULL AS is_loaded
    FROM chosen_case c
    LEFT JOIN (SELECT row_key, omop_id FROM harmonize.row_id WHERE omop_table = 'person'
               UNION ALL SELECT row_key, omop_id FROM harmonize.row_id_retired WHERE omop_table = 'person') r
      ON r.row_key = c.row_key AND c.own_id IS NULL
)
SELECT o.project_id, o.case_key, o.row_key, o.own_id, coalesce(n.own_id, o.own_id) AS person_id,
       coalesce(o.days - n.days, 0) AS day_shift, true AS is_loaded,
       coalesce(n.project_id, o.project_id) AS chosen_project_id, coalesce(n.case_key, o.case_key) AS chosen_case_key
FROM own o
LEFT JOIN numbered n USING (root)
UNION ALL
SELECT project_id, case_key, row_key, own_id, own_id, 0, false, project_id, case_key
FROM numbered WHERE NOT is_loaded
