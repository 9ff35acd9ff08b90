-- Who did what, an entry an act, never changed: each holds the hash of the one before, so that a change of any is found
-- (harmonize audit verify). Subjects and details name no patient: a case is told by its hash with the key of the store.
CREATE TABLE IF NOT EXISTS harmonize.audit_entry (
    entry_id BIGINT NOT NULL,               -- from 1 without a gap
    done_at TIMESTAMP NOT NULL,                  -- UTC
    who VARCHAR NOT NULL,
    act VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    details VARCHAR NOT NULL,               -- JSON with its keys in order
    previous_hash VARCHAR NOT NULL,         -- 64 zeros for the first
    hash VARCHAR NOT NULL                   -- SHA-256 of the other columns as JSON with its keys in order
)
