-- Of each record type of a snapshot: how many records it would delete as it lacks them, and how many the project holds.
SELECT t.name, count(*) FILTER (e.state = 'deleted' AND i.key_hash IS NULL) AS vanished, count(*) AS held
FROM harmonize.record r
JOIN harmonize.submission s USING (submission_id)
JOIN harmonize.record_type t USING (record_type)
LEFT JOIN ended e USING (record_id)
LEFT JOIN (SELECT DISTINCT key_hash FROM incoming) i USING (key_hash)
WHERE s.project_id = $project AND list_contains($types::VARCHAR[], t.name) AND (r.is_current OR e.record_id IS NOT NULL)
GROUP BY t.name
ORDER BY t.name
