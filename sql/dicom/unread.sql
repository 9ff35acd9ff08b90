-- The files whose header is not known as they are now.
SELECT ordinal, path, member, size FROM dicom_file f
WHERE reason IS NULL AND NOT EXISTS (
    FROM harmonize.dicom_header h
    WHERE h.path_key = f.path_key AND h.size = f.size AND h.stamp = f.stamp AND h.reader = md5($reader)::UUID)
ORDER BY ordinal
