-- Columns of a file by position from 1; those that the schema has and the file lacks follow.
CREATE TABLE IF NOT EXISTS harmonize.file_column (
    file_id INTEGER NOT NULL,
    column_id INTEGER NOT NULL,
    name VARCHAR NOT NULL,              -- safe identifier
    header VARCHAR NOT NULL             -- as sent
)
