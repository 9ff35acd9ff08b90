-- Findings of a rule that somebody has looked at and lets pass in a submission. Rows are added and never changed.
CREATE TABLE IF NOT EXISTS harmonize.finding_waiver (
    submission_id INTEGER NOT NULL,
    rule VARCHAR NOT NULL,
    done_at TIMESTAMP NOT NULL,                  -- UTC
    who VARCHAR NOT NULL,
    why VARCHAR NOT NULL
)
