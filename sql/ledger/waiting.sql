-- Records of earlier submissions of the project that are still quarantined and tried again at every load.
SELECT count(*)
FROM harmonize.record r
JOIN harmonize.submission s USING (submission_id)
WHERE s.project_id = $project AND r.is_current AND r.state = 'quarantined' AND r.submission_id <> $submission
