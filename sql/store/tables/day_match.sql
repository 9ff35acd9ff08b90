-- How the days of a case's told exams fit the dates of its images: one row a case of a project that matches days (docs/linking.md).
-- It tells of no calendar: that is harmonize.day_zero.
CREATE TABLE IF NOT EXISTS harmonize.day_match (
    project_id VARCHAR NOT NULL,
    case_key VARCHAR NOT NULL,
    tier VARCHAR NOT NULL,                  -- study_uid, unique, single_pair, tie, near_tie, poor_fit, contradiction, no_pair
    exam_days INTEGER NOT NULL,             -- days with an exam that some study may be
    study_days INTEGER NOT NULL,            -- days with a study that some exam may be
    fitting_days INTEGER NOT NULL,          -- days of exams that have a study, as the best fit counts
    near_days INTEGER NOT NULL,             -- further ones that have one on the day before or after
    described_days INTEGER NOT NULL,        -- fitting days on which the descriptions are the same, too
    runner_up_days INTEGER NOT NULL,        -- fitting days of the second best
    runner_up_shift INTEGER                 -- by how many days the second best dates the images later than the best
)
