-- Several versions of a resource in one delivery: where meta tells them all apart, the last one is meant: by lastUpdated and
-- versionId where all state both, else by the one that all state. So it is of a history, in which a resource was deleted before or
-- after it was written: the entry's response tells when, and as which version.
UPDATE incoming SET state = 'superseded', reason = 'newer_version'
FROM (
    WITH several AS (
        SELECT key_hash FROM incoming WHERE state IS NULL AND key_hash IS NOT NULL
        GROUP BY key_hash
        HAVING count(DISTINCT content_hash) FILTER (NOT is_delete) > 1 OR bool_or(is_delete) AND NOT bool_and(is_delete)
    ),
    told AS (
        SELECT i.record_id, i.key_hash, CASE WHEN NOT i.is_delete THEN i.content_hash END AS content_hash,
               TRY_CAST(if(i.is_delete, d.updated, json_extract_string(r.json, '$.meta.lastUpdated')) AS TIMESTAMPTZ) AS updated,
               TRY_CAST(if(i.is_delete, d.version, json_extract_string(r.json, '$.meta.versionId')) AS BIGINT) AS number
        FROM incoming i
        SEMI JOIN several USING (key_hash)
        JOIN fhir_resource r ON $base + r.rowid = i.record_id
        LEFT JOIN fhir_deleted d ON i.is_delete AND d.file_id = r.file_id AND d.line IS NOT DISTINCT FROM r.line AND d.position = r.position
        -- a delete that nothing dates is no version
        WHERE i.state IS NULL AND (NOT i.is_delete OR coalesce(d.updated, d.version) IS NOT NULL)
    ),
    -- a part that some version lacks orders nothing: DuckDB puts NULL after every value
    ordered AS (
        SELECT record_id, key_hash, content_hash,
               {'updated': CASE WHEN bool_and(updated IS NOT NULL) OVER of_key THEN updated END,
                'number': CASE WHEN bool_and(number IS NOT NULL) OVER of_key THEN number END} AS version
        FROM told
        WINDOW of_key AS (PARTITION BY key_hash)
    ),
    last AS (
        SELECT key_hash, max(version) AS version FROM ordered GROUP BY key_hash
        HAVING count(DISTINCT version) >= count(DISTINCT coalesce(content_hash::VARCHAR, ''))
    )
    SELECT o.record_id FROM ordered o JOIN last l USING (key_hash) WHERE o.version < l.version
) o
WHERE incoming.record_id = o.record_id
