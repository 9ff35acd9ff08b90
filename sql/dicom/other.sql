-- The files that give no series, and why. Of a file with several datasets each that gives none.
CREATE OR REPLACE TEMP TABLE dicom_other AS
SELECT f.ordinal * 1000000 + coalesce(h.part, 0) AS rank,
       f.name || CASE WHEN h.part > 0 THEN '#' || h.part ELSE '' END AS name, f.size,
       coalesce(f.reason, h.reason) AS reason, h.detail
FROM dicom_file f
LEFT JOIN harmonize.dicom_header h
  ON f.reason IS NULL AND h.path_key = f.path_key AND h.size = f.size AND h.stamp = f.stamp AND h.reader = md5($reader)::UUID
WHERE coalesce(f.reason, h.reason) IS NOT NULL
