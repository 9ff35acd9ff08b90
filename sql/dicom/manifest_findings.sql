-- What the manifests and the series that came say differently. A line of a series stands for its package or, where there
-- are several, for its instances; sizes are compared where the line names a file that came as such.
WITH listed AS (
    SELECT m.*, number(replace(m.file_size, ',', '')) AS bytes FROM dicom_manifest_line m
), came AS (
    SELECT split_part(name, '!', 1) AS name, max(CASE WHEN member IS NULL THEN size ELSE package END) AS bytes
    FROM dicom_file GROUP BY 1
), size AS (
    SELECT regexp_extract(name, '[^/]*$') AS file, max(bytes) AS bytes, count(*) AS files FROM came GROUP BY 1
), total AS (
    SELECT uid, max(lines) AS lines FROM listed WHERE uid IS NOT NULL GROUP BY uid
)
SELECT file_id, line_ AS line, 'manifest_missing' AS rule, NULL AS column_name,
       coalesce(file_name, storage_urls, series_submitter_id) AS value
FROM listed WHERE uid IS NULL
UNION ALL
SELECT {series}, s.line_, 'manifest_extra', NULL, NULL
FROM {table} s ANTI JOIN total t ON t.uid = s.SeriesInstanceUID
UNION ALL
SELECT l.file_id, l.line_, 'manifest_size', 'file_size', l.file_size || ' instead of ' || z.bytes::BIGINT
FROM listed l JOIN size z ON z.file = regexp_extract(l.listed, '[^/]*$') AND z.files = 1
WHERE l.bytes <> z.bytes
UNION ALL
SELECT {series}, s.line_, 'manifest_file_count', NULL, t.lines || ' lines for ' || s.file_count || ' files'
FROM {table} s JOIN total t ON t.uid = s.SeriesInstanceUID
WHERE t.lines > 1 AND t.lines <> s.file_count::BIGINT
