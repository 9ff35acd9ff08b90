-- The records of the store that are found by the hash of the key that they had, all versions of them.
CREATE OR REPLACE TEMP TABLE rekey_found AS
SELECT r.record_id, r.record_type, t.name AS type_name, s.project_id, r.record_key AS old_key,
       k.new_record_key AS new_key, k.new_key_hash
FROM harmonize.record r
JOIN (SELECT DISTINCT * FROM rekey) k ON k.old_key_hash = r.key_hash AND k.record_type = r.record_type
JOIN harmonize.submission s USING (submission_id)
JOIN harmonize.record_type t ON t.record_type = r.record_type
