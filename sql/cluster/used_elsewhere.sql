-- What the shard that counts it has no use for is loaded where another has.
UPDATE harmonize.ledger_column SET loaded = loaded + u.n, context = context - u.n
FROM (
    SELECT concat_ws('.', e.resource_type, nullif(e.path, '')) AS column_name, count(*) AS n
    FROM {elements} e
    JOIN {first} f ON f.record_id = $base + e.resource AND f.state = 'context'
    JOIN cluster_record r ON r.record_id = f.record_id AND r.state = 'loaded'
    GROUP BY ALL
) u
WHERE ledger_column.submission_id = $submission AND ledger_column.column_name = u.column_name AND ledger_column.reason IS NULL
