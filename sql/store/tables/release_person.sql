-- The cases that a release holds, and under which pseudonym it tells of them.
CREATE TABLE IF NOT EXISTS harmonize.release_person (
    release_id INTEGER NOT NULL,
    project_id VARCHAR NOT NULL,
    case_key VARCHAR NOT NULL,
    pseudonym VARCHAR NOT NULL
)
