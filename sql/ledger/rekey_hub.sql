-- The rows of one table of the hub ({relation}) that the renamed records made, with the key and the submitter_id ({submitter})
-- that they have from now on. A row of a part of a FHIR resource is named after the resource's key and the part, which its
-- submitter_id tells. A row that a mapping names itself keeps its name.
CREATE OR REPLACE TEMP TABLE rekey_hub AS
WITH told AS (
    SELECT h.record_id, h.mapping_id, h.row_key, f.old_key, f.new_key, m.part,
           f.project_id || '|' || $schema || '.' || m.source || '|' AS owner,
           {submitter} AS submitter_id,
           CASE WHEN starts_with({submitter}, f.old_key) AND ends_with({submitter}, '_' || m.part)
                THEN left({submitter}, length({submitter}) - length(m.part) - 1) ELSE f.old_key END AS row_name
    FROM {relation} h
    JOIN rekey_found f USING (record_id)
    JOIN harmonize.mapping m USING (mapping_id)
)
SELECT record_id, mapping_id, row_key AS old, md5(owner || new_name || '|' || part)::UUID AS new,
       CASE WHEN submitter_id = row_name || '_' || part THEN new_name || '_' || part END AS new_submitter_id
FROM (SELECT *, new_key || substr(row_name, length(old_key) + 1) AS new_name FROM told)
WHERE md5(owner || row_name || '|' || part)::UUID = row_key
