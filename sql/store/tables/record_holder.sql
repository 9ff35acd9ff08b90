-- Submissions that repeated records unchanged: they hold them as the first one does, so that a withdrawal of that one leaves them.
-- Rows of one file that follow each other as the records do stand as one range.
CREATE TABLE IF NOT EXISTS harmonize.record_holder (
    submission_id INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    first_record_id BIGINT NOT NULL,
    last_record_id BIGINT NOT NULL,
    first_line BIGINT                       -- line of the first record in the file; the others follow
)
