-- The records of this submission; a version is current when its rows stand or wait.
-- when: delivery
-- params: submission
INSERT INTO harmonize.record
SELECT i.record_id, $submission, i.file_id, i.line, i.record_type, i.record_key, i.key_hash, i.content_hash,
       i.state::harmonize.state, r.reason_id,
       NOT i.is_delete AND (i.state IN ('loaded', 'context', 'excluded')
                            OR i.state = 'quarantined' AND i.reason IN ('no_person', 'no_date', 'unreadable_text')),
       NULL
FROM incoming i
LEFT JOIN harmonize.reason r USING (reason)
WHERE i.state <> 'unchanged'
