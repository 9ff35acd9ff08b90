-- The day up to which the source's data reach is that of the former submission.
UPDATE harmonize.submission
SET data_pull = (SELECT data_pull FROM harmonize.submission WHERE submission_id = $former)
WHERE submission_id = $submission
