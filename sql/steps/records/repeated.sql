-- Keys that occur more than once among the incoming records: the first record, the first that no finding quarantined, and how
-- many contents there are, of all and of these.
CREATE OR REPLACE TEMP TABLE repeated AS
WITH several AS (
    SELECT key_hash FROM incoming WHERE key_hash IS NOT NULL GROUP BY key_hash HAVING count(*) > 1
)
SELECT key_hash, min(record_id) AS first_record_id, count(DISTINCT content_hash) AS contents,
       min(record_id) FILTER (state IS NULL) AS first_sound_id, count(DISTINCT content_hash) FILTER (state IS NULL) AS sound_contents
FROM incoming SEMI JOIN several USING (key_hash)
WHERE state IS NULL OR state = 'quarantined'
GROUP BY key_hash
