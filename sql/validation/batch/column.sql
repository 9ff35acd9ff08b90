-- The columns of a batch, and of which the values are hidden.
CREATE OR REPLACE TEMP TABLE batch_column AS
SELECT file_id, column_id, name AS column_name, list_contains($hidden, (file_id, name)::VARCHAR) AS hidden
FROM harmonize.file_column
WHERE list_contains($files, file_id)
