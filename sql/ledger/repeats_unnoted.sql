-- Later submissions of the project and source that repeated records unchanged and are noted as holders of none.
SELECT l.submission_id, sum(f.unchanged)
FROM harmonize.submission w
JOIN harmonize.submission l ON l.project_id = w.project_id AND l.source = w.source AND l.submission_id > w.submission_id
JOIN harmonize.source_file f ON f.submission_id = l.submission_id
WHERE w.submission_id = $submission AND l.state = 'loaded'
  AND NOT EXISTS (FROM harmonize.record_holder h WHERE h.submission_id = l.submission_id)
GROUP BY l.submission_id
HAVING sum(f.unchanged) > 0
ORDER BY 1
