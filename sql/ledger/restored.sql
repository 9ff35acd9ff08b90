-- The latest version of each key that the withdrawn submission ended, of a submission that still stands.
CREATE OR REPLACE TEMP TABLE restored AS
SELECT max(r.record_id) AS record_id
FROM harmonize.record r
JOIN harmonize.submission s USING (submission_id)
WHERE r.ended_by = $submission AND s.state = 'loaded'
  AND NOT EXISTS (FROM harmonize.record c WHERE c.key_hash = r.key_hash AND c.is_current)
GROUP BY r.key_hash
