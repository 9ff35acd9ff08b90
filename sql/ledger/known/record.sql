-- What is written again, under numbers as a load would give: as far from the first free one as it was then.
INSERT INTO harmonize.record
SELECT a.record_id - $first + (SELECT coalesce(max(record_id), 0) + 1 FROM harmonize.record), $submission, n.file_id,
       a.* EXCLUDE (record_id, submission_id, file_id)
FROM written_again a
JOIN file_number n ON n.former_id = a.file_id
