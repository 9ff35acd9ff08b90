-- What the de-identification profile says of elements (PS3.15 E).
CREATE OR REPLACE TEMP TABLE dicom_profile AS
SELECT unnest($1) AS keyword, unnest($2) AS tell
