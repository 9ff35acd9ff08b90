-- The lines of the manifests {lines} beside the series of {table} that each is of: by the UID that names the file, its
-- folder or its series.submitter_id, else by the folder, where that holds one series only. lines counts those of a series.
CREATE OR REPLACE TEMP TABLE dicom_manifest_line AS
WITH line AS (
    SELECT *, regexp_replace(coalesce(file_name, storage_urls), '^[a-z0-9]+://', '') AS listed FROM ({lines})
), named AS (
    SELECT *, regexp_replace(regexp_extract(listed, '[^/]*$'), '([.](zip|dcm|nii|gz|tar|json))+$', '') AS own,
           regexp_extract(listed, '([^/]+)/[^/]*$', 1) AS parent,
           regexp_extract(series_submitter_id, '[^_]*$') AS series, regexp_replace(listed, '[^/]*$', '') AS directory
    FROM line
), known AS (
    SELECT DISTINCT SeriesInstanceUID AS uid FROM {table}
), folder AS (
    SELECT folder, min(SeriesInstanceUID) AS uid FROM {table} WHERE folder IS NOT NULL AND NOT contains(folder, '***')
    GROUP BY folder HAVING count(*) = 1
)
SELECT n.* EXCLUDE (own, parent, series, directory), coalesce(a.uid, b.uid, c.uid, d.uid, f.uid) AS uid,
       count(*) OVER (PARTITION BY coalesce(a.uid, b.uid, c.uid, d.uid, f.uid)) AS lines
FROM named n
LEFT JOIN known a ON a.uid = n.own
LEFT JOIN known b ON b.uid = n.parent
LEFT JOIN known c ON c.uid = n.series
LEFT JOIN known d ON d.uid = n.series_submitter_id
LEFT JOIN folder f ON f.folder = n.directory
