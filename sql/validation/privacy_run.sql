-- The runs of capitalised words in texts that name somebody, in which the name stands. {run} is their pattern.
CREATE OR REPLACE TEMP TABLE privacy_run AS
SELECT m.rowid AS text, unnest(list_distinct(regexp_extract_all(m.shown, {run}))) AS run
FROM privacy_mask m
SEMI JOIN (FROM privacy_hit WHERE rule = 'phi_name') h ON h.column_id = m.column_id AND h.value = m.value
WHERE m.shown IS NOT NULL
