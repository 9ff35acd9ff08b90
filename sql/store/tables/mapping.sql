-- One row an entry of a version of a mapping; entry 0 is the engine itself.
CREATE TABLE IF NOT EXISTS harmonize.mapping (
    mapping_id USMALLINT NOT NULL,          -- one entry of one version of a mapping
    name VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    target VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    part VARCHAR NOT NULL,
    line INTEGER,
    is_shared BOOLEAN NOT NULL DEFAULT false -- several records may tell of one event: the mapping gives its submitter_id
)
