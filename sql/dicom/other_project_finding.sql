-- Tell of the series that another project holds.
INSERT INTO harmonize.finding
SELECT $submission, r.rule_id, i.file_id, i.line, NULL, i.record_key
FROM incoming i JOIN harmonize.rule r ON r.rule = 'same_series_other_project'
WHERE i.reason = 'same_series_other_project'
