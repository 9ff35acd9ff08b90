-- Keys by which rows of other records name a renamed one ($types of records, the $kinds of what they are).
CREATE OR REPLACE TEMP TABLE rekey_name AS
SELECT DISTINCT f.project_id, e.kind, f.old_key AS old, f.new_key AS new
FROM rekey_found f
JOIN (SELECT unnest($types) AS type_name, unnest($kinds) AS kind) e USING (type_name)
