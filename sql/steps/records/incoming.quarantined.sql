-- Records with an error on a required cell or of a whole-record rule (with strict_row: any error).
-- when: bad_cell
-- params: strict_row
UPDATE incoming SET state = 'quarantined', reason = b.rule
FROM (SELECT file_id, line, min(rule) AS rule
      FROM bad_cell WHERE whole_record OR $strict_row GROUP BY file_id, line) b
WHERE incoming.file_id = b.file_id AND incoming.line = b.line AND incoming.state IS NULL
