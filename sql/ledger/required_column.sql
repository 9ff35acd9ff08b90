-- Columns whose bad cell takes the whole record: the identifier, and those that the schema requires.
CREATE OR REPLACE TEMP TABLE required_column AS
SELECT unnest($files::INTEGER[]) AS file_id, unnest($columns::VARCHAR[]) AS column_name
