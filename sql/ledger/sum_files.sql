-- Sums of each file from the states of its records; unchanged is what the file had beyond the records written.
UPDATE harmonize.source_file
SET loaded = s.loaded, excluded = s.excluded, quarantined = s.quarantined, duplicate = s.duplicate, context = s.context,
    superseded = s.superseded, deleted = s.deleted
FROM (
    SELECT f.file_id,
           count(*) FILTER (r.state = 'loaded') AS loaded, count(*) FILTER (r.state = 'excluded') AS excluded,
           count(*) FILTER (r.state = 'quarantined') AS quarantined, count(*) FILTER (r.state = 'duplicate') AS duplicate,
           count(*) FILTER (r.state = 'context') AS context, count(*) FILTER (r.state = 'superseded') AS superseded,
           count(*) FILTER (r.state = 'deleted') AS deleted
    FROM harmonize.source_file f
    LEFT JOIN harmonize.record r USING (file_id)
    GROUP BY f.file_id
) s
WHERE source_file.file_id = s.file_id
