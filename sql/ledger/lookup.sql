-- The new and changed records in {source} look up the rows {looked_up} by a key.
INSERT INTO harmonize.lookup
SELECT DISTINCT s.record_id_, l.key_hash
FROM {source} s
JOIN ({looked_up}) f ON f.{lookup_key} = s.{source_key}
JOIN incoming l ON l.record_id = f.record_id_
WHERE l.key_hash IS NOT NULL
