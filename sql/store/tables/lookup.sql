-- Which records a record looked up (joins of its mapping), by their keys over all versions.
CREATE TABLE IF NOT EXISTS harmonize.lookup (
    record_id BIGINT NOT NULL,
    key_hash UUID NOT NULL
)
