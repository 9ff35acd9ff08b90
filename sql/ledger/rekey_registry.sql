-- The registry of ids follows.
UPDATE harmonize.row_id SET row_key = k.new FROM (SELECT DISTINCT old, new FROM rekey_row) k WHERE row_id.row_key = k.old;

UPDATE harmonize.row_id_retired SET row_key = k.new FROM (SELECT DISTINCT old, new FROM rekey_row) k
WHERE row_id_retired.row_key = k.old
