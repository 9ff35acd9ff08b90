-- One row a file of a submission, with what became of its records; records = the sum of the eight states.
CREATE TABLE IF NOT EXISTS harmonize.source_file (
    file_id INTEGER NOT NULL,
    submission_id INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    size BIGINT,
    sha256 VARCHAR,
    record_type VARCHAR,
    records BIGINT NOT NULL,
    loaded BIGINT NOT NULL DEFAULT 0,
    excluded BIGINT NOT NULL DEFAULT 0,
    quarantined BIGINT NOT NULL DEFAULT 0,
    duplicate BIGINT NOT NULL DEFAULT 0,
    context BIGINT NOT NULL DEFAULT 0,
    unchanged BIGINT NOT NULL DEFAULT 0,
    superseded BIGINT NOT NULL DEFAULT 0,
    deleted BIGINT NOT NULL DEFAULT 0
)
