-- The records that another version of a mapping touches.
CREATE OR REPLACE TEMP TABLE touched (record_id BIGINT)
