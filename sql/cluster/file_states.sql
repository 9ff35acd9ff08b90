-- The states of the records of each file, over all shards; unchanged is what the shards counted beyond the records that they have.
UPDATE harmonize.source_file
SET loaded = s.loaded, excluded = s.excluded, quarantined = s.quarantined, duplicate = s.duplicate, context = s.context,
    superseded = s.superseded, deleted = s.deleted, unchanged = source_file.unchanged + coalesce(s.unchanged, 0)
FROM (
    SELECT f.file_id, any_value(u.unchanged) AS unchanged,
           count(*) FILTER (r.state = 'loaded') AS loaded, count(*) FILTER (r.state = 'excluded') AS excluded,
           count(*) FILTER (r.state = 'quarantined') AS quarantined, count(*) FILTER (r.state = 'duplicate') AS duplicate,
           count(*) FILTER (r.state = 'context') AS context, count(*) FILTER (r.state = 'superseded') AS superseded,
           count(*) FILTER (r.state = 'deleted') AS deleted
    FROM harmonize.source_file f
    LEFT JOIN cluster_record r USING (file_id)
    LEFT JOIN (SELECT unnest($files::INTEGER[]) AS file_id, unnest($counts::BIGINT[]) AS unchanged) u USING (file_id)
    GROUP BY f.file_id
) s
WHERE source_file.file_id = s.file_id
