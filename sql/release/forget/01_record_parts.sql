-- What hangs on the records that ended with them: those of the submissions, and those of the cases.
CREATE OR REPLACE TEMP TABLE left_out_record AS
SELECT r.record_id, r.file_id, r.line, r.key_hash
FROM harmonize.record r
LEFT JOIN harmonize.reason e USING (reason_id)
WHERE r.submission_id IN (FROM left_out_submission)
   OR (e.reason = 'person_withdrawn' AND r.state = 'deleted');

DELETE FROM harmonize.resource_identifier WHERE record_id IN (SELECT record_id FROM left_out_record);
DELETE FROM harmonize.lookup WHERE record_id IN (SELECT record_id FROM left_out_record);
DELETE FROM harmonize.record WHERE record_id IN (SELECT record_id FROM left_out_record);
DELETE FROM harmonize.finding
WHERE submission_id IN (FROM left_out_submission)
   OR (file_id, line) IN (SELECT (file_id, line) FROM left_out_record WHERE line IS NOT NULL);
