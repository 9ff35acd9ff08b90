-- The series that somebody decided to leave out of releases ($series).
CREATE OR REPLACE TEMP TABLE left_out_series AS SELECT unnest($series::VARCHAR[]) AS series_uid
