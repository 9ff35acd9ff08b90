-- What manifests list.
CREATE OR REPLACE TEMP TABLE dicom_manifest_line (file_id INTEGER, line_ BIGINT, uid VARCHAR, listed VARCHAR)
