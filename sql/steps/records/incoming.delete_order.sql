-- Delete orders: applied to a current record, or of a record that nobody knows.
-- after: incoming.duplicate
-- before: record.ended
UPDATE incoming
SET state = CASE WHEN c.key_hash IS NULL THEN 'excluded' ELSE 'deleted' END,
    reason = CASE WHEN c.key_hash IS NULL THEN 'delete_of_unknown' ELSE 'delete_order' END
FROM incoming i
LEFT JOIN (SELECT DISTINCT key_hash FROM harmonize.record WHERE is_current) c USING (key_hash)
WHERE incoming.record_id = i.record_id AND i.is_delete AND i.state IS NULL
