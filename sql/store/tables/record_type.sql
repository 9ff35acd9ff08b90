-- Numbers of the record types (schema.class).
CREATE TABLE IF NOT EXISTS harmonize.record_type (record_type USMALLINT NOT NULL, name VARCHAR NOT NULL)
