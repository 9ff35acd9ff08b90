-- What tells of the series in $series, which somebody decided to leave out of releases.
DELETE FROM omop.image_feature
WHERE image_occurrence_id IN (SELECT image_occurrence_id FROM omop.image_occurrence
                              WHERE list_contains($series, image_series_uid));
DELETE FROM omop.image_occurrence WHERE list_contains($series, image_series_uid);
DELETE FROM midrc.annotation WHERE list_contains($series, series_uid);
DELETE FROM midrc.imaging_series WHERE list_contains($series, series_uid)
