-- title: Which machines made the images?
-- asked_by: Physicists; developers who look for a shift between machines.
-- parameter: project text; only this project
-- parameter: modality text; only this modality; XR is CR and DX
-- column: project_id; the project
-- column: modality; DICOM Modality of the series
-- column: manufacturer; DICOM Manufacturer as sent; NULL where it is not told
-- column: model; DICOM ManufacturerModelName as sent
-- column: series; series that hold pixels
-- column: studies; their studies
-- column: persons; and persons
-- needs: series
SELECT project_id, modality, manufacturer, manufacturer_model_name AS model, count(*) AS series, count(DISTINCT study_uid) AS studies,
       count(DISTINCT person_id) AS persons
FROM linked.imaging_series
WHERE project_id = coalesce($project, project_id) AND is_image
  AND ($modality IS NULL OR $modality IN (modality, if(modality IN ('CR', 'DX'), 'XR', modality)))
GROUP BY ALL
ORDER BY project_id, series DESC, modality, manufacturer, model
