-- The submissions whose records a release holds.
CREATE TABLE IF NOT EXISTS harmonize.release_submission (release_id INTEGER NOT NULL, submission_id INTEGER NOT NULL)
