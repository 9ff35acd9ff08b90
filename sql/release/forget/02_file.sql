-- The files of the submissions, with their columns and sums.
DELETE FROM harmonize.file_column
WHERE file_id IN (SELECT file_id FROM harmonize.source_file WHERE submission_id IN (FROM left_out_submission));
DELETE FROM harmonize.expectation
WHERE file_id IN (SELECT file_id FROM harmonize.source_file WHERE submission_id IN (FROM left_out_submission));
DELETE FROM harmonize.ledger_column WHERE submission_id IN (FROM left_out_submission);
DELETE FROM harmonize.record_holder WHERE submission_id IN (FROM left_out_submission);
DELETE FROM harmonize.source_file WHERE submission_id IN (FROM left_out_submission);
DELETE FROM harmonize.submission WHERE submission_id IN (FROM left_out_submission);
