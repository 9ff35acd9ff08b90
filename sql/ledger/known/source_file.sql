-- The files that are delivered again; what is not written again of them is unchanged.
INSERT INTO harmonize.source_file (file_id, submission_id, name, size, sha256, record_type, records, unchanged)
SELECT n.file_id, $submission, f.name, f.size, f.sha256, f.record_type, f.records,
       f.records - (SELECT count(*) FROM written_again a WHERE a.file_id = f.file_id)
FROM harmonize.source_file f
JOIN file_number n ON n.former_id = f.file_id
