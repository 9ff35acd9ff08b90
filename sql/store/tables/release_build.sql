-- The releases that were built from this store.
CREATE TABLE IF NOT EXISTS harmonize.release_build (
    release_id INTEGER NOT NULL,
    project_id VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    built_at TIMESTAMP NOT NULL,            -- UTC
    sha256 VARCHAR NOT NULL,                -- of its checksums.sha256
    place VARCHAR NOT NULL
)
