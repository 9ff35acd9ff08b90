-- What a rule found: in which file, line and column. Texts are joined when they are shown.
CREATE TABLE IF NOT EXISTS harmonize.finding (
    submission_id INTEGER NOT NULL,
    rule_id USMALLINT NOT NULL,
    file_id INTEGER NOT NULL,
    line BIGINT,                        -- physical line; NULL for the file as a whole
    column_id INTEGER,                  -- NULL for the line as a whole
    value VARCHAR                       -- cut to 200 characters; hidden where the slot is marked phi
)
