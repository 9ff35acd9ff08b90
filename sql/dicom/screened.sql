-- What was taken out of the headers of series (told has rule:path), under the slot of the attribute ($paths, $slots); $file is
-- the file of the series.
INSERT INTO dicom_found
SELECT DISTINCT $file::INTEGER, t.line_, split_part(t.one, ':', 1), coalesce(p.slot, split_part(t.one, ':', 2)), '***'
FROM (SELECT line_, unnest(told) AS one FROM dicom_series) t
LEFT JOIN (SELECT unnest($paths) AS path, unnest($slots) AS slot) p ON p.path = split_part(t.one, ':', 2)
WHERE contains(t.one, ':')
