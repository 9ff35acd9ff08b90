-- And the records themselves.
UPDATE harmonize.record SET record_key = f.new_key, key_hash = f.new_key_hash
FROM rekey_found f WHERE record.record_id = f.record_id
