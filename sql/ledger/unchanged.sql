-- The same key and content as the current version.
UPDATE incoming SET state = 'unchanged'
FROM harmonize.record r
WHERE r.is_current AND r.key_hash = incoming.key_hash AND r.content_hash = incoming.content_hash
  AND r.record_type = incoming.record_type AND incoming.state IS NULL AND NOT incoming.is_delete
