-- What the schema expects of a column of a file.
CREATE TABLE IF NOT EXISTS harmonize.expectation (
    file_id INTEGER NOT NULL,
    column_id INTEGER,
    rule_id USMALLINT NOT NULL,
    expected VARCHAR,                   -- {expected} of the rule's message
    choices VARCHAR[]                   -- among which the nearest is sought
)
