-- The links between records where the affected cases have none.
CREATE OR REPLACE TEMP TABLE replaced_record (record_id BIGINT)
