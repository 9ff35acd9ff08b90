-- The records that a load would quarantine, by file and line: those that have that state, and those that no row can stand for,
-- without the records of persons who were withdrawn, which it leaves out.
CREATE OR REPLACE TEMP TABLE foreseen AS
SELECT file_id, line FROM incoming WHERE state = 'quarantined'
UNION
SELECT i.file_id, i.line
FROM (SELECT DISTINCT record_id FROM doubtful ANTI JOIN standing USING (record_id) ANTI JOIN withdrawn_record USING (record_id))
JOIN incoming i USING (record_id)
