-- Records with an error on a required cell or of a whole-record rule (with strict_row: any error). A key in which privacy
-- found something is not kept; its hash tells the record.
UPDATE incoming SET state = 'quarantined', reason = b.rule,
       record_key = CASE WHEN b.telling THEN '***' ELSE record_key END
FROM (SELECT file_id, line, min(rule) AS rule, bool_or(starts_with(rule, 'phi_')) AS telling
      FROM bad_cell WHERE whole_record OR $strict_row GROUP BY file_id, line) b
WHERE incoming.file_id = b.file_id AND incoming.line = b.line AND incoming.state IS NULL
