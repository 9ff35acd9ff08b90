-- Whose each incoming record is: by the rows that it made, or by those of the record that it repeats. {hub} gives record_id,
-- project_id and case_key of all rows of the hub. Withdrawn cases are nobody's.
CREATE OR REPLACE TEMP TABLE vault_record AS
WITH hub AS (SELECT DISTINCT record_id, project_id, case_key FROM ({hub}) WHERE case_key IS NOT NULL)
SELECT DISTINCT i.record_id, i.file_id, i.line, h.project_id, h.case_key
FROM incoming i
LEFT JOIN harmonize.record r ON r.key_hash = i.key_hash AND r.record_type = i.record_type AND r.is_current
JOIN hub h ON h.record_id = i.record_id OR h.record_id = r.record_id
ANTI JOIN harmonize.withdrawn_case w ON w.project_id = h.project_id AND w.case_key = h.case_key
