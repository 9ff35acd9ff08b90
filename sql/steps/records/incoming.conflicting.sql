-- The same key with different content and nothing that orders the versions: none of them is taken.
-- when: repeated
UPDATE incoming SET state = 'quarantined', reason = 'conflicting_versions'
FROM repeated r
WHERE incoming.key_hash = r.key_hash AND r.sound_contents > 1 AND incoming.state IS NULL
