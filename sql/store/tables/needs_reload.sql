-- Projects whose files are to be loaded again, because a newer version of harmonize reads or screens them in another way and
-- only the source can give that. The flag goes when no record stands that was read up to submission_id.
CREATE TABLE IF NOT EXISTS harmonize.needs_reload (
    project_id VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,                -- a sentence for people
    submission_id INTEGER NOT NULL          -- the last submission that was read in the old way
)
