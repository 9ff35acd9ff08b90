-- The records of earlier deliveries in whose texts a name of this one was masked.
CREATE OR REPLACE TEMP TABLE late_record (record_id BIGINT)
