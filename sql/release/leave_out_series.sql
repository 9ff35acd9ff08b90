-- What tells of the series in left_out_series, which somebody decided to leave out of releases, and of left_out_reading.
DELETE FROM omop.observation WHERE observation_id IN (FROM left_out_reading);
DELETE FROM harmonize.row_source WHERE omop_table = 'observation' AND omop_id IN (FROM left_out_reading);
DELETE FROM omop.image_feature WHERE image_feature_event_id IN (FROM left_out_reading);  -- it points at readings alone
DELETE FROM omop.image_feature
WHERE image_occurrence_id IN (SELECT image_occurrence_id FROM omop.image_occurrence
                              WHERE image_series_uid IN (FROM left_out_series));
DELETE FROM omop.image_occurrence WHERE image_series_uid IN (FROM left_out_series);
DELETE FROM midrc.annotation WHERE series_uid IN (FROM left_out_series);
DELETE FROM midrc.imaging_series WHERE series_uid IN (FROM left_out_series)
