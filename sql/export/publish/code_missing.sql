-- What has no code yet in the crosswalk {codes}, of all that {named} names (kind, chr(31), project, chr(31), key).
CREATE OR REPLACE TEMP TABLE publish_code_missing AS
SELECT row_number() OVER (ORDER BY n.kind, n.project_id, n.key) AS number, n.*
FROM (SELECT DISTINCT split_part(named, chr(31), 1) AS kind, split_part(named, chr(31), 2) AS project_id,
             substr(named, length(split_part(named, chr(31), 1)) + length(split_part(named, chr(31), 2)) + 3) AS key
      FROM ({named}) WHERE named IS NOT NULL) n
ANTI JOIN {codes}.code c USING (kind, project_id, key)
