-- The projects that have rows, and what publishing asks of them: whether their dates were moved here (moved), whether the dates
-- are real, so that only a limited data set may tell them (is_limited), whether their UIDs are public. $project_id and the other
-- lists are columns of harmonize.project.
CREATE OR REPLACE TEMP TABLE publish_project AS
WITH live AS (
    SELECT s.submission_id, s.project_id FROM harmonize.submission s
    WHERE s.state = 'loaded' AND EXISTS (FROM harmonize.record r WHERE r.submission_id = s.submission_id AND r.is_current)
),
setting AS (
    SELECT unnest($project_id::VARCHAR[]) AS project_id, unnest($time_policy::VARCHAR[]) AS time_policy,
           unnest($shifted_by_source::BOOLEAN[]) AS shifted_by_source, unnest($uids::VARCHAR[]) AS uids
)
SELECT project_id, coalesce(time_policy IN ('offset', 'shifted'), false) AS moved,
       coalesce(time_policy, 'as_is') = 'as_is' AND NOT coalesce(shifted_by_source, false) AS is_limited,
       coalesce(uids = 'public', false) AS has_public_uids
FROM (SELECT DISTINCT project_id FROM live)
LEFT JOIN setting USING (project_id)
ORDER BY project_id
