-- What tells of the series in left_out_series, which somebody decided to leave out of releases.
DELETE FROM omop.image_feature
WHERE image_occurrence_id IN (SELECT image_occurrence_id FROM omop.image_occurrence
                              WHERE image_series_uid IN (FROM left_out_series));
DELETE FROM omop.image_occurrence WHERE image_series_uid IN (FROM left_out_series);
DELETE FROM midrc.annotation WHERE series_uid IN (FROM left_out_series);
DELETE FROM midrc.imaging_series WHERE series_uid IN (FROM left_out_series)
