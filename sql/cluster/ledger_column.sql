-- What became of the elements, over all shards: a shard counts the resources of a type only where one of its own has the element.
WITH total AS (
    SELECT submission_id, column_name, sum(records) AS records FROM {rows} WHERE NOT contains(column_name, '.') GROUP BY ALL
), ends AS (
    SELECT submission_id, file_id, column_name, reason, sum(loaded)::BIGINT AS loaded, sum(context)::BIGINT AS context,
           sum(excluded)::BIGINT AS excluded, sum(quarantined)::BIGINT AS quarantined
    FROM {rows} GROUP BY ALL
)
SELECT e.submission_id, e.file_id, e.column_name, e.reason, t.records::BIGINT AS records,
       (t.records - e.loaded - e.context - e.excluded - e.quarantined)::BIGINT AS empty,
       e.loaded, e.context, e.excluded, e.quarantined
FROM ends e
JOIN total t ON t.submission_id = e.submission_id AND t.column_name = split_part(e.column_name, '.', 1)
