-- What privacy_settle leaves, where a delivery has no finding.
CREATE OR REPLACE TEMP TABLE phi_cell (file_id INTEGER, line BIGINT, column_id INTEGER, refused BOOLEAN)
