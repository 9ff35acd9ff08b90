-- The files of this delivery in order.
CREATE OR REPLACE TEMP TABLE dicom_file (
    ordinal BIGINT, name VARCHAR, path VARCHAR, member VARCHAR, size BIGINT, stamp BIGINT, reason VARCHAR, package BIGINT, path_key UUID
);
