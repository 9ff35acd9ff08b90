-- What studies are searched by: the values of each kind.
SELECT DISTINCT 'project' AS kind, project_id AS value FROM linked.imaging_timeline WHERE project_id IS NOT NULL
UNION ALL
SELECT DISTINCT 'modality' AS kind, modality AS value FROM linked.imaging_timeline WHERE modality IS NOT NULL
UNION ALL
SELECT DISTINCT 'region' AS kind, region AS value FROM linked.imaging_timeline WHERE region IS NOT NULL
ORDER BY kind, value
