-- The same key and content again in one submission.
UPDATE incoming SET state = 'duplicate', reason = 'same_key_and_content'
FROM repeated r
WHERE incoming.key_hash = r.key_hash AND incoming.record_id <> r.first_record_id AND incoming.state IS NULL
