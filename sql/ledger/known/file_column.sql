-- Their columns.
INSERT INTO harmonize.file_column
SELECT n.file_id, c.* EXCLUDE (file_id) FROM harmonize.file_column c JOIN file_number n ON n.former_id = c.file_id
