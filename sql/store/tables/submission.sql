-- One row a load: who sent what, when, and under which version of the mapping.
CREATE TABLE IF NOT EXISTS harmonize.submission (
    submission_id INTEGER NOT NULL,
    project_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    mapping VARCHAR,
    mapping_version VARCHAR,
    mode VARCHAR NOT NULL,
    state VARCHAR NOT NULL,                 -- loaded, withdrawn
    loaded_at TIMESTAMP NOT NULL,           -- UTC
    software_version VARCHAR NOT NULL,
    vocabulary_version VARCHAR,
    data_pull DATE                          -- day up to which the source's data reach; NULL: not stated
)
