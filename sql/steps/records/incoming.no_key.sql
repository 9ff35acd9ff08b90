-- A record without a key cannot be told from others.
-- after: incoming.quarantined
UPDATE incoming SET state = 'quarantined', reason = 'no_key' WHERE record_key IS NULL AND state IS NULL
