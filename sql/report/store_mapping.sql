-- Mappings by which the loads that stand were made, with the versions that were used.
SELECT mapping, list(DISTINCT left(mapping_version, 12) ORDER BY left(mapping_version, 12)) AS versions
FROM harmonize.submission
WHERE state = 'loaded' AND mapping IS NOT NULL AND list_contains($projects, project_id)
GROUP BY mapping
ORDER BY mapping
