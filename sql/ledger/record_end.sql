-- How each incoming record ended; one that is unchanged as the record that it repeats, which stands for it.
CREATE OR REPLACE TEMP TABLE record_end AS
SELECT i.record_id, i.file_id, i.record_type, coalesce(r.state::VARCHAR, i.state) AS state,
       coalesce(r.record_id, i.record_id) AS stands_for
FROM incoming i
LEFT JOIN harmonize.record r ON i.state = 'unchanged' AND r.is_current AND r.key_hash = i.key_hash AND r.record_type = i.record_type
