-- One row per record version; an unchanged repeat is counted in source_file and not written here.
CREATE TABLE IF NOT EXISTS harmonize.record (
    record_id BIGINT NOT NULL,
    submission_id INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    line BIGINT,
    record_type USMALLINT NOT NULL,
    record_key VARCHAR,
    key_hash UUID,                          -- md5 of project, record type and key
    content_hash UUID,                      -- md5 of the mapping's version and all cells
    state harmonize.state NOT NULL,
    reason_id USMALLINT,
    is_current BOOLEAN NOT NULL,
    ended_by INTEGER                        -- the submission that superseded or deleted it
)
