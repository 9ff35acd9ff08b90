-- Headers that another reader kept, such as one that did not screen them.
DELETE FROM harmonize.dicom_header WHERE reader <> md5($reader)::UUID
