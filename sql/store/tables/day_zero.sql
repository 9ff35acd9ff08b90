-- The calendar day, by the dates of its images, that is day 0 of a case: with the published dates of the images it turns every day
-- of the case into a date. A secret, kept from queries, reports and published files.
CREATE TABLE IF NOT EXISTS harmonize.day_zero (
    project_id VARCHAR NOT NULL,
    case_key VARCHAR NOT NULL,
    day_zero DATE NOT NULL
)
