-- The projects of affected cases that match days: they count them, have no calendar day of the source as day 0, and were asked to.
CREATE OR REPLACE TEMP TABLE matching AS
SELECT project_id, match_days
FROM harmonize.project
SEMI JOIN affected_case USING (project_id)
WHERE match_days IS NOT NULL AND time_policy = 'offset' AND source_anchor IS NULL
