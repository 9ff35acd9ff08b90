-- DICOM PatientAge (PS3.5 VR AS: nnnD, nnnW, nnnM, nnnY) in whole years; NULL when it is not one.
-- on demand
CREATE OR REPLACE TEMP MACRO dicom_age(a) AS
    CASE WHEN regexp_full_match(trim(a), '\d{3}Y') THEN left(trim(a), 3)::INTEGER
         WHEN regexp_full_match(trim(a), '\d{3}M') THEN left(trim(a), 3)::INTEGER // 12
         WHEN regexp_full_match(trim(a), '\d{3}W') THEN left(trim(a), 3)::INTEGER // 52
         WHEN regexp_full_match(trim(a), '\d{3}D') THEN left(trim(a), 3)::INTEGER // 365 END
