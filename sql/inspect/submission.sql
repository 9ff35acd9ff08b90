-- Submissions, the latest last, with the sums over their files.
SELECT s.submission_id, s.project_id, s.source, s.mapping, s.mode, s.state, s.loaded_at, s.data_pull,
       count(f.file_id) AS files, coalesce(sum(f.records), 0)::BIGINT AS records,
       coalesce(sum(f.loaded), 0)::BIGINT AS loaded, coalesce(sum(f.excluded), 0)::BIGINT AS excluded,
       coalesce(sum(f.quarantined), 0)::BIGINT AS quarantined, coalesce(sum(f.duplicate), 0)::BIGINT AS duplicate,
       coalesce(sum(f.context), 0)::BIGINT AS context, coalesce(sum(f.unchanged), 0)::BIGINT AS unchanged,
       coalesce(sum(f.superseded), 0)::BIGINT AS superseded, coalesce(sum(f.deleted), 0)::BIGINT AS deleted
FROM harmonize.submission s
LEFT JOIN harmonize.source_file f USING (submission_id)
WHERE $submission IS NULL OR s.submission_id = $submission
GROUP BY ALL
ORDER BY s.submission_id
