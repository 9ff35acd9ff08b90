-- Records whose state derivation tells: here earlier ones of the affected cases; one that waited for its person may be loaded now.
-- params: submission
CREATE OR REPLACE TEMP TABLE derived_record AS
SELECT record_id, true AS is_earlier
FROM harmonize.record
WHERE is_current AND submission_id <> $submission AND record_id IN (SELECT record_id FROM hub_record)
