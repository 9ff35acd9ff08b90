-- The person of each affected case: of merged cases the lowest of the ids that they have on their own. day_shift moves a
--   case's dates to the time base of the case whose id that is.
CREATE OR REPLACE TEMP TABLE person_of_case AS
WITH own AS (
    SELECT p.project_id, p.case_key, k.row_key, coalesce(r.omop_id, p.person_id) AS own_id,
           g.root, coalesce(g.days, 0) AS days
    FROM harmonize.person_case p
    JOIN (SELECT project_id, case_key, md5('person|' || project_id || '|' || case_key)::UUID AS row_key
          FROM affected_case) k USING (project_id, case_key)
    LEFT JOIN harmonize.row_id_retired r ON r.omop_table = 'person' AND r.row_key = k.row_key
    LEFT JOIN case_group g USING (project_id, case_key)
)
SELECT project_id, case_key, row_key, own_id, min(own_id) OVER same_person AS person_id,
       days - first_value(days) OVER (same_person ORDER BY own_id) AS day_shift
FROM own
WINDOW same_person AS (PARTITION BY coalesce(root, -own_id))
