-- What became of each column's cells in the submissions that a mapping read.
SELECT c.column_name,
    sum(c.records)::BIGINT AS records, sum(c.empty)::BIGINT AS empty, sum(c.loaded)::BIGINT AS loaded,
    sum(c.context)::BIGINT AS context, sum(c.excluded)::BIGINT AS excluded, sum(c.quarantined)::BIGINT AS quarantined
FROM harmonize.ledger_column AS c
INNER JOIN harmonize.submission AS s USING (submission_id)
WHERE s.mapping = $mapping
GROUP BY c.column_name
ORDER BY c.column_name
