-- The same key and content as the current version. A record of a project that is to be loaded again (needs_reload) is a changed
-- one: what was read of it is not what this release reads. One that was quarantined is tried again.
-- when: harmonize.record
-- after: incoming.conflicting
-- params: project
-- before: record.ended
UPDATE incoming SET state = 'unchanged'
FROM harmonize.record r
WHERE r.is_current AND r.key_hash = incoming.key_hash AND r.content_hash = incoming.content_hash
  AND r.record_type = incoming.record_type AND incoming.state IS NULL AND NOT incoming.is_delete
  AND r.state <> 'quarantined'
  AND r.submission_id > coalesce((SELECT max(submission_id) FROM harmonize.needs_reload WHERE project_id = $project), 0)
