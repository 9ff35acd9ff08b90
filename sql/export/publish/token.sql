-- The cells (publish_cell) and words of the published columns, each once a column, in small letters. A word is of letters and
-- digits, with single signs - _ . between them. No key is as long as a note, which is looked at by its words only.
CREATE OR REPLACE TEMP TABLE publish_token AS
SELECT column_number, lower(trim(value)) AS token, true AS is_cell FROM publish_cell WHERE length(value) <= 1000
UNION
SELECT column_number, token, false
FROM (SELECT column_number, unnest(regexp_extract_all(lower(value), '[\pL\pN]+(?:[-_.][\pL\pN]+)*')) AS token FROM publish_cell)
WHERE length(token) >= 4
