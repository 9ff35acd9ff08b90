-- Cells to be mended: the column's position from 1, the cell before and after, whether it is hidden, the rule it broke.
CREATE OR REPLACE TEMP TABLE fix (
    file_id INTEGER, line BIGINT, position INTEGER, before VARCHAR, after VARCHAR, hidden BOOLEAN, rule VARCHAR
);
CREATE OR REPLACE TEMP TABLE fix_file (file_id INTEGER, name VARCHAR);
