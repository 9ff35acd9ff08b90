-- States of records that make no row: a DICOMDIR and a NIfTI's JSON are structure; lines of manifests stand by their series;
-- other files, told by a warning, are left out by its rule. Those with an error are quarantined before.
UPDATE incoming SET state = s.state, reason = s.reason
FROM (
    SELECT {file} AS file_id, line_,
           CASE WHEN reason IN ('dicomdir', 'sidecar') THEN 'context' ELSE 'excluded' END AS state,
           CASE WHEN reason NOT IN ('dicomdir', 'sidecar') THEN reason END AS reason
    FROM {others}
    UNION ALL
    SELECT file_id, line_, CASE WHEN uid IS NULL THEN 'excluded' ELSE 'context' END,
           CASE WHEN uid IS NULL THEN 'series_not_delivered' END
    FROM dicom_manifest_line
) s
WHERE incoming.file_id = s.file_id AND incoming.line = s.line_ AND incoming.state IS NULL
