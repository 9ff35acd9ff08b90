-- Keys of rows as they were and as they are.
CREATE OR REPLACE TEMP TABLE rekey_row (record_id BIGINT, mapping_id INTEGER, old UUID, new UUID)
