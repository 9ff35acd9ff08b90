-- Several versions of a resource in one delivery: where meta.lastUpdated orders all of them, the last one is meant.
UPDATE incoming SET state = 'superseded', reason = 'newer_version'
FROM (
    WITH several AS (
        SELECT key_hash FROM incoming WHERE state IS NULL AND key_hash IS NOT NULL AND NOT is_delete
        GROUP BY key_hash HAVING count(DISTINCT content_hash) > 1
    ),
    dated AS (
        SELECT i.record_id, i.key_hash,
               TRY_CAST(json_extract_string(r.json, '$.meta.lastUpdated') AS TIMESTAMPTZ) AS updated
        FROM incoming i
        SEMI JOIN several USING (key_hash)
        JOIN fhir_resource r ON $base + r.rowid = i.record_id
        WHERE i.state IS NULL AND NOT i.is_delete
    ),
    last AS (
        SELECT key_hash, max(updated) AS updated FROM dated GROUP BY key_hash HAVING bool_and(updated IS NOT NULL)
    )
    SELECT d.record_id FROM dated d JOIN last l USING (key_hash) WHERE d.updated < l.updated
) o
WHERE incoming.record_id = o.record_id
