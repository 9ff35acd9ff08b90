-- Whether the project that is loaded has records of earlier deliveries.
SELECT 1
FROM harmonize.record r JOIN harmonize.submission s USING (submission_id)
WHERE s.project_id = (SELECT arg_max(project_id, submission_id) FROM harmonize.submission)
  AND r.record_id < (SELECT min(record_id) FROM incoming)
LIMIT 1
