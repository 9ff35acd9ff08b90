-- The texts of the published columns that are looked at, each once a column: {values} gives column_number and value.
CREATE OR REPLACE TEMP TABLE publish_cell AS
SELECT column_number, value FROM ({values}) WHERE length(trim(value)) >= 4
