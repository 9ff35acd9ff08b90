-- title: How many studies, series and persons are there of each modality and region?
-- asked_by: Everybody who meets the store for the first time.
-- parameter: project text; only this project
-- column: project_id; the project
-- column: modality; DICOM Modality of the study
-- column: region; region of the body
-- column: persons; persons
-- column: studies; studies
-- column: series; series that hold pixels, as far as they are loaded
-- column: instances; DICOM instances (files)
-- needs: images
SELECT project_id, modality, region, count(DISTINCT person_id) AS persons, count(*) AS studies,
       coalesce(sum(image_series_count), 0)::BIGINT AS series, coalesce(sum(instance_count), 0)::BIGINT AS instances
FROM linked.imaging_timeline
WHERE project_id = coalesce($project, project_id)
GROUP BY ALL
ORDER BY project_id, studies DESC, modality, region
