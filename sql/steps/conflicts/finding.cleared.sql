-- Findings of derivation on records of the affected cases, before they are written anew.
DELETE FROM harmonize.finding
WHERE rowid IN (
    SELECT f.rowid
    FROM harmonize.finding f
    SEMI JOIN (FROM harmonize.rule WHERE rule IN ('sex_conflict', 'age_conflict', 'merge_conflict', 'no_date', 'visit_conflict',
                                                  'test_days_conflict', 'death_before_event')) USING (rule_id)
    JOIN harmonize.record c ON c.file_id = f.file_id AND c.line = f.line
    SEMI JOIN hub_record USING (record_id)
)
