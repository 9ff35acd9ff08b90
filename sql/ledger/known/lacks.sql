-- Whether a snapshot of these records lacks a current record of a type that it holds.
SELECT 1
FROM harmonize.record r
JOIN harmonize.submission s USING (submission_id)
WHERE s.project_id = $project AND r.is_current AND r.record_type IN (SELECT record_type FROM held_record)
  AND r.record_id NOT IN (SELECT record_id FROM held_record)
LIMIT 1
