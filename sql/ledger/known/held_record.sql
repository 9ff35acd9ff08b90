-- The records that another delivery of a submission's files would find unchanged, by file and line: its own, and those that it held
-- itself. A repetition within the delivery is none: it would be unchanged as well, and its cells would count as loaded.
CREATE OR REPLACE TEMP TABLE held_record AS
SELECT file_id, record_id, line, record_type
FROM harmonize.record
WHERE submission_id = $former AND is_current AND state IN ('loaded', 'excluded', 'context')
  AND record_id NOT IN (SELECT record_id FROM written_again)
UNION  -- a record that an earlier submission brought, and was withdrawn from, stands in both
SELECT h.file_id, r.record_id, h.first_line + r.record_id - h.first_record_id, r.record_type
FROM harmonize.record_holder h
JOIN harmonize.record r ON r.record_id BETWEEN h.first_record_id AND h.last_record_id
WHERE h.submission_id = $former AND r.is_current AND r.key_hash IS NOT NULL AND r.state IN ('loaded', 'excluded', 'context')
