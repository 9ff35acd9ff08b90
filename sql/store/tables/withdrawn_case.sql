-- Cases that were withdrawn: loads leave their records out until they are reinstated.
CREATE TABLE IF NOT EXISTS harmonize.withdrawn_case (
    project_id VARCHAR NOT NULL,
    case_key VARCHAR NOT NULL,
    withdrawn_at TIMESTAMP NOT NULL         -- UTC
)
