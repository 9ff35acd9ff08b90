-- The cells of a file whose rows have states of their own.
CREATE OR REPLACE TEMP VIEW cell AS
FROM cell_row
