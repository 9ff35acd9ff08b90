-- The lines of a staged crosswalk, trimmed and as text. {cells} is one expression a column.
CREATE OR REPLACE TEMP TABLE pair_line AS SELECT line_ AS line, {cells} FROM {table}
