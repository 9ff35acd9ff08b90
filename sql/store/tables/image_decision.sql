-- What people decided of series that block a release. Rows are added and none is changed; the last one of a series holds.
CREATE TABLE IF NOT EXISTS harmonize.image_decision (
    project_id VARCHAR NOT NULL,
    series_uid VARCHAR NOT NULL,
    decision VARCHAR NOT NULL,              -- keep, leave-out
    reasons VARCHAR[] NOT NULL,             -- why it blocked at that time; another reason later asks again
    decided_by VARCHAR NOT NULL,
    why VARCHAR NOT NULL,
    decided_at TIMESTAMP NOT NULL           -- UTC
)
