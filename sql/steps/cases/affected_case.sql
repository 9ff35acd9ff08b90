-- The cases to derive anew (temp table `touched`), widened to all cases of the same persons (as they are and as they are
--   to be), and to those that a touched case joins or parts (a third patient under a study that made two cases one), with
--   their project's time. person_id and day_shift (days that merging moves a case's dates) come later, and so does
--   image_anchor, the calendar day of images that is day 0, of cases whose days were matched with them.
CREATE OR REPLACE TEMP TABLE affected_case AS
WITH grouped AS (
    SELECT p.project_id, p.case_key, p.person_id, g.root
    FROM harmonize.person_case p
    LEFT JOIN case_group g ON g.project_id = p.project_id AND g.case_key = p.case_key
),
widened AS (
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
    UNION
    SELECT project_id, case_key
    FROM grouped
    SEMI JOIN (SELECT person_id FROM grouped GROUP BY person_id
               HAVING count(*) > 1 AND (count(root) < count(*) OR min(root) <> max(root))) USING (person_id)
    UNION
    SELECT project_id, case_key
    FROM grouped
    SEMI JOIN (SELECT root FROM grouped WHERE root IS NOT NULL GROUP BY root HAVING min(person_id) <> max(person_id)) USING (root)
)
SELECT w.project_id, w.case_key, NULL::BIGINT AS person_id, 0 AS day_shift, p.time_policy, p.anchor, p.source_anchor,
       p.source_anchor AS image_anchor,
       coalesce(p.unknown_age, 'sentinel') AS unknown_age,
       coalesce(p.observation_period, 'events') AS observation_period,
       coalesce(p.imaging_date_offset_days, 0) AS imaging_date_offset_days
FROM widened w
JOIN harmonize.project p USING (project_id)
