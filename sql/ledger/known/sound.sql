-- Whether every record of a submission's files would be unchanged, or written again as it is.
SELECT (SELECT sum(records) FROM harmonize.source_file WHERE submission_id = $former)
       = (SELECT count(*) FROM held_record) + (SELECT count(*) FROM written_again)
