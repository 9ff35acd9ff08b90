-- What was known of the pixels of the series of this delivery ({series}).
DELETE FROM harmonize.image_privacy
WHERE project_id = $project AND series_uid IN (SELECT SeriesInstanceUID FROM {series})
