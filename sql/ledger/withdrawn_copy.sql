-- The withdrawn submission's own lines of records that were handed over: it delivered them and takes them back.
INSERT INTO harmonize.record
SELECT (SELECT max(record_id) FROM harmonize.record) + row_number() OVER (ORDER BY r.record_id),
       $submission, h.own_file_id, h.own_line, r.record_type, r.record_key, r.key_hash, r.content_hash, 'deleted', $reason, false, NULL
FROM harmonize.record r JOIN handed_over h USING (record_id)
