-- Current versions that end with this submission: replaced by a changed record, deleted by order, or (in mode snapshot)
-- absent from a snapshot of their record type.
-- when: harmonize.record
-- params: project, snapshot_of
CREATE OR REPLACE TEMP TABLE ended AS
SELECT r.record_id, CASE WHEN i.is_delete THEN 'deleted' ELSE 'superseded' END::harmonize.state AS state
FROM harmonize.record r
JOIN incoming i USING (key_hash)
WHERE r.is_current AND (i.state IS NULL OR i.state = 'deleted')
UNION ALL
SELECT r.record_id, 'deleted'::harmonize.state
FROM harmonize.record r
JOIN harmonize.submission s USING (submission_id)
JOIN harmonize.record_type t USING (record_type)
WHERE r.is_current AND s.project_id = $project AND list_contains($snapshot_of::VARCHAR[], t.name)
  AND NOT EXISTS (FROM incoming i WHERE i.key_hash = r.key_hash)
