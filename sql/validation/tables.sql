-- Findings and what is needed to tell them: rules, the columns of each file, what the schema expects of them.
CREATE SCHEMA IF NOT EXISTS harmonize;

CREATE TABLE IF NOT EXISTS harmonize.rule (
    rule_id USMALLINT NOT NULL,
    rule VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,          -- error, warning
    scope VARCHAR NOT NULL,             -- file, record, cell
    message VARCHAR NOT NULL,
    hint VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS harmonize.finding (
    submission_id INTEGER NOT NULL,
    rule_id USMALLINT NOT NULL,
    file_id INTEGER NOT NULL,
    line BIGINT,                        -- physical line; NULL for the file as a whole
    column_id INTEGER,                  -- NULL for the line as a whole
    value VARCHAR                       -- cut to 200 characters; hidden where the slot is marked phi
);

-- Columns of a file by position from 1; those that the schema has and the file lacks follow.
CREATE TABLE IF NOT EXISTS harmonize.file_column (
    file_id INTEGER NOT NULL,
    column_id INTEGER NOT NULL,
    name VARCHAR NOT NULL,              -- safe identifier
    header VARCHAR NOT NULL             -- as sent
);

CREATE TABLE IF NOT EXISTS harmonize.expectation (
    file_id INTEGER NOT NULL,
    column_id INTEGER,
    rule_id USMALLINT NOT NULL,
    expected VARCHAR,                   -- {expected} of the rule's message
    choices VARCHAR[]                   -- among which the nearest is sought
);
