-- Projects whose assignments are locked: what their rows of harmonize.sequestration came to. Rows are only added.
CREATE TABLE IF NOT EXISTS harmonize.sequestration_lock (
    project_id VARCHAR NOT NULL,
    cases BIGINT NOT NULL,
    digest VARCHAR NOT NULL,                -- sha256 over project, case, side, stratum and seed of each row, sorted
    locked_by VARCHAR NOT NULL,
    locked_at TIMESTAMP NOT NULL            -- UTC
)
