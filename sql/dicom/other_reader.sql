-- Whether headers are kept that another reader made.
SELECT 1 FROM harmonize.dicom_header WHERE reader <> md5($reader)::UUID LIMIT 1
