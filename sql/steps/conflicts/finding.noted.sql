-- What was told of studies of several patients is taken back.
-- when: noted_record
-- after: finding.cleared
DELETE FROM harmonize.finding
WHERE rowid IN (
    SELECT f.rowid
    FROM harmonize.finding f
    SEMI JOIN (FROM harmonize.rule WHERE rule = 'shared_study') USING (rule_id)
    JOIN harmonize.record c ON c.file_id = f.file_id AND c.line = f.line
    SEMI JOIN noted_record USING (record_id)
)
