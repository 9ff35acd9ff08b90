-- They are renamed in the table; the registry follows.
UPDATE {relation} SET row_key = k.new{set}
FROM rekey_hub k
WHERE {relation}.record_id = k.record_id AND {relation}.mapping_id = k.mapping_id AND {relation}.row_key = k.old;

INSERT INTO rekey_row SELECT record_id, mapping_id, old, new FROM rekey_hub
