-- Records that those to withdraw looked up, and none that stays or may come back: all versions.
CREATE OR REPLACE TEMP TABLE looked_up AS
SELECT record_id
FROM harmonize.record
WHERE key_hash IN (
    SELECT key_hash FROM harmonize.lookup SEMI JOIN withdraw_record USING (record_id)
    EXCEPT
    SELECT u.key_hash
    FROM harmonize.lookup u
    JOIN harmonize.record r USING (record_id)
    ANTI JOIN withdraw_record USING (record_id)
    WHERE r.state <> 'deleted'
)
