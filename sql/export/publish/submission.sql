-- The submissions that published sums are of: those that stand, of projects that have rows.
CREATE OR REPLACE TEMP TABLE publish_submission AS
SELECT submission_id
FROM harmonize.submission
WHERE state = 'loaded' AND project_id IN (SELECT project_id FROM publish_project)
