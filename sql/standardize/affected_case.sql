-- The cases to derive anew (temp table `touched`), widened to all cases of the same persons (as they are and as they are
--   to be), with their project's time. person_id and day_shift (days that merging moves a case's dates) come later.
CREATE OR REPLACE TEMP TABLE affected_case AS
WITH widened AS (
    SELECT project_id, case_key FROM touched
    UNION
    SELECT o.project_id, o.case_key
    FROM touched t
    JOIN harmonize.person_case p USING (project_id, case_key)
    JOIN harmonize.person_case o ON o.person_id = p.person_id
    UNION
    SELECT o.project_id, o.case_key
    FROM touched t
    JOIN case_group g USING (project_id, case_key)
    JOIN case_group o ON o.root = g.root
)
SELECT w.project_id, w.case_key, NULL::BIGINT AS person_id, 0 AS day_shift, p.time_policy, p.anchor, p.source_anchor,
       coalesce(p.unknown_age, 'sentinel') AS unknown_age,
       coalesce(p.observation_period, 'events') AS observation_period,
       coalesce(p.imaging_date_offset_days, 0) AS imaging_date_offset_days
FROM widened w
JOIN harmonize.project p USING (project_id)
