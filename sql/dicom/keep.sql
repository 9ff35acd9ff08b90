-- Keep the headers in the file of new ones, in place of those that a path had before.
DELETE FROM harmonize.dicom_header WHERE path_key IN (
    SELECT path_key FROM dicom_file SEMI JOIN (SELECT ordinal FROM dicom_new) USING (ordinal));
INSERT INTO harmonize.dicom_header
SELECT f.path_key, f.size, f.stamp, md5(n.reader)::UUID, n.part, n.reason, n.detail, n.form, n.series_uid, n.header, n.told,
       n.private_elements, n.notes
FROM dicom_new n JOIN dicom_file f USING (ordinal);
