-- All versions of the records that are of the withdrawn cases alone.
CREATE OR REPLACE TEMP TABLE same_key AS
SELECT record_id
FROM harmonize.record
WHERE key_hash IN (SELECT key_hash
                   FROM harmonize.record SEMI JOIN case_row USING (record_id) ANTI JOIN other_row USING (record_id))
