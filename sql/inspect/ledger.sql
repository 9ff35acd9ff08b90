-- What became of the records of each file: one row a file, the sums of all states, and whether they balance.
SELECT f.submission_id, s.project_id, s.source, f.name AS file, f.records,
       f.loaded, f.excluded, f.quarantined, f.duplicate, f.context, f.unchanged, f.superseded, f.deleted,
       f.records = f.loaded + f.excluded + f.quarantined + f.duplicate + f.context + f.unchanged + f.superseded + f.deleted
           AS balanced
FROM harmonize.source_file f
JOIN harmonize.submission s USING (submission_id)
WHERE $submission IS NULL OR f.submission_id = $submission
ORDER BY f.submission_id, f.name, f.file_id
