-- Files of the loads that stand, the latest first, with how many there are in all: for the header of a page.
SELECT f.name, f.size, f.sha256, f.record_type AS content, f.records, count(*) OVER () AS files
FROM harmonize.source_file AS f
JOIN harmonize.submission AS s USING (submission_id)
WHERE s.state = 'loaded' AND list_contains($projects, s.project_id)
ORDER BY f.submission_id DESC, f.file_id DESC
LIMIT $most
