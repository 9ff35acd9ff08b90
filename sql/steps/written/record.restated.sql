-- Earlier records whose state changed with this derivation.
-- when: derived_record
-- after: record.incoming
UPDATE harmonize.record
SET state = d.state::harmonize.state, reason_id = r.reason_id
FROM (
    SELECT record_id, coalesce(s.state, 'loaded') AS state, s.reason
    FROM derived_record LEFT JOIN derived_state s USING (record_id) WHERE is_earlier
) d
LEFT JOIN harmonize.reason r USING (reason)
WHERE record.record_id = d.record_id AND record.is_current
  AND (record.state::VARCHAR IS DISTINCT FROM d.state OR record.reason_id IS DISTINCT FROM r.reason_id)
