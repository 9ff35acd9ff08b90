-- Series of the incoming records that another project holds: the first to come keeps them.
UPDATE incoming SET state = 'duplicate', reason = 'same_series_other_project'
FROM (SELECT DISTINCT series_uid FROM midrc.imaging_series WHERE project_id <> $project) o
WHERE incoming.file_id = $file AND incoming.record_key = o.series_uid AND incoming.state IS NULL
