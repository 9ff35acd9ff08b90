-- Findings of derivation on records of the affected cases, before they are written anew.
DELETE FROM harmonize.finding
USING harmonize.rule r, harmonize.record c
WHERE finding.rule_id = r.rule_id AND r.rule IN ('sex_conflict', 'age_conflict', 'merge_conflict', 'no_date', 'visit_conflict',
                                                     'test_days_conflict')
  AND finding.file_id = c.file_id AND finding.line = c.line
  AND c.record_id IN (SELECT record_id FROM hub_record)
