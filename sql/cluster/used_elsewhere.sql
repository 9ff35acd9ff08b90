-- What the shard that counts a resource has no use for ends as it does where another has.
UPDATE harmonize.ledger_column
SET loaded = ledger_column.loaded + u.loaded, context = ledger_column.context + u.context, excluded = ledger_column.excluded - u.no_more
FROM (
    SELECT concat_ws('.', e.resource_type, nullif(e.path, '')) AS column_name,
           count(*) FILTER (r.state = 'loaded') - count(*) FILTER (f.state = 'loaded') AS loaded,
           count(*) FILTER (r.state = 'context') - count(*) FILTER (f.state = 'context') AS context,
           count(*) FILTER (f.state NOT IN ('loaded', 'context')) - count(*) FILTER (r.state NOT IN ('loaded', 'context')) AS no_more
    FROM {elements} e
    JOIN {first} f ON f.record_id = e.record_id AND f.state <> 'quarantined'
    JOIN cluster_record r ON r.record_id = f.record_id AND r.state <> f.state
    GROUP BY ALL
) u
WHERE ledger_column.submission_id = $submission AND ledger_column.column_name = u.column_name AND ledger_column.reason IS NULL
