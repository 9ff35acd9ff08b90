-- What became of the records of each delivery that stands, in the order of the loads; of a site, or of all.
SELECT b.submission_id AS submission, b.project_id AS site, b.source, b.loaded_at::DATE AS loaded_on, sum(f.records)::BIGINT AS records,
       sum(f.loaded)::BIGINT AS loaded, sum(f.unchanged)::BIGINT AS unchanged, sum(f.quarantined)::BIGINT AS refused
FROM harmonize.submission b JOIN harmonize.source_file f USING (submission_id)
WHERE b.state = 'loaded' AND ($site IS NULL OR b.project_id = $site)
GROUP BY ALL ORDER BY submission
