-- Several versions of a resource in one delivery: where meta tells them all apart, the last one is meant.
UPDATE incoming SET state = 'superseded', reason = 'newer_version'
FROM (
    WITH several AS (
        SELECT key_hash FROM incoming WHERE state IS NULL AND key_hash IS NOT NULL AND NOT is_delete
        GROUP BY key_hash HAVING count(DISTINCT content_hash) > 1
    ),
    told AS (
        SELECT i.record_id, i.key_hash, i.content_hash,
               {'updated': TRY_CAST(json_extract_string(r.json, '$.meta.lastUpdated') AS TIMESTAMPTZ),
                'version': TRY_CAST(json_extract_string(r.json, '$.meta.versionId') AS BIGINT)} AS version
        FROM incoming i
        SEMI JOIN several USING (key_hash)
        JOIN fhir_resource r ON $base + r.rowid = i.record_id
        WHERE i.state IS NULL AND NOT i.is_delete
    ),
    last AS (
        SELECT key_hash, max(version) AS version FROM told GROUP BY key_hash
        HAVING count(DISTINCT version) >= count(DISTINCT content_hash)
           AND (bool_and(version.updated IS NOT NULL) OR bool_and(version.version IS NOT NULL))
    )
    SELECT t.record_id FROM told t JOIN last l USING (key_hash) WHERE t.version < l.version
) o
WHERE incoming.record_id = o.record_id
