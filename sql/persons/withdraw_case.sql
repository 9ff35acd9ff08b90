-- The cases to withdraw: the one named and, with $all, every case that is the same person, loaded or not; without those that
-- were withdrawn before.
CREATE OR REPLACE TEMP TABLE withdraw_case AS
SELECT project_id, case_key FROM (
    SELECT $project AS project_id, $case AS case_key
    UNION
    SELECT o.project_id, o.case_key
    FROM case_group g JOIN case_group o ON o.link_root = g.link_root
    WHERE $all AND g.project_id = $project AND g.case_key = $case
)
ANTI JOIN harmonize.withdrawn_case USING (project_id, case_key)
