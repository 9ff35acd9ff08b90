-- Keys that occur more than once among the incoming records.
CREATE OR REPLACE TEMP TABLE repeated AS
WITH several AS (
    SELECT key_hash FROM incoming WHERE key_hash IS NOT NULL AND state IS NULL GROUP BY key_hash HAVING count(*) > 1
)
SELECT key_hash, min(record_id) AS first_record_id, count(DISTINCT content_hash) AS contents
FROM incoming SEMI JOIN several USING (key_hash)
WHERE state IS NULL
GROUP BY key_hash
