-- A finding for every record of the affected persons with a hub row that nothing dates.
-- when: no_date
-- after: finding.cleared
INSERT INTO harmonize.finding
SELECT DISTINCT c.submission_id, r.rule_id, c.file_id, c.line, NULL::INTEGER, u.node
FROM undated u
JOIN harmonize.record c USING (record_id)
JOIN harmonize.rule r ON r.rule = 'no_date'
