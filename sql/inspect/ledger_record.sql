-- The records that were not loaded, with their line and the reason.
SELECT submission_id, file, line, record_type, record_key, state, reason
FROM harmonize.ledger
WHERE state <> 'loaded' AND ($submission IS NULL OR submission_id = $submission)
ORDER BY submission_id, file_id, line
