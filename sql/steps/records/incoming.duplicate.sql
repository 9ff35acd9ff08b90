-- The same key and content again in one submission; what is wrong with the first is wrong with its repetition, too.
-- when: repeated
-- after: incoming.unchanged
UPDATE incoming SET state = 'duplicate', reason = 'same_key_and_content'
FROM repeated r
WHERE incoming.key_hash = r.key_hash
  AND (incoming.state IS NULL AND incoming.record_id <> r.first_sound_id
       OR incoming.state = 'quarantined' AND r.contents = 1 AND incoming.record_id <> r.first_record_id)
