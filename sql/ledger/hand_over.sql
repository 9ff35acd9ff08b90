-- Records of handed_over are those of the submission that holds them now, and what they had replaced was ended by that one.
UPDATE harmonize.record SET submission_id = h.submission_id, file_id = h.file_id, line = h.line
FROM handed_over h WHERE record.record_id = h.record_id;

UPDATE harmonize.record SET ended_by = h.submission_id
FROM handed_over h
WHERE record.ended_by = $submission AND record.key_hash = h.key_hash AND record.record_type = h.record_type;

UPDATE harmonize.source_file SET unchanged = unchanged - h.records
FROM (SELECT file_id, count(*) AS records FROM handed_over GROUP BY file_id) h WHERE source_file.file_id = h.file_id;

DELETE FROM harmonize.record_holder WHERE submission_id = $submission
