-- Which side of a project's data a case is on: given to all (open), or held back for validating AI (sequestered). Rows are added and
-- none is ever changed or deleted.
CREATE TABLE IF NOT EXISTS harmonize.sequestration (
    project_id VARCHAR NOT NULL,
    case_key VARCHAR NOT NULL,
    side VARCHAR NOT NULL,                  -- open, sequestered
    stratum VARCHAR NOT NULL,               -- what the case was drawn among, as words with / between
    basis VARCHAR NOT NULL,                 -- drawn, small (drawn by itself), person (follows a case of the same person)
    seed BIGINT NOT NULL,
    fraction DOUBLE NOT NULL,               -- the share that is held back
    assigned_at TIMESTAMP NOT NULL          -- UTC
)
