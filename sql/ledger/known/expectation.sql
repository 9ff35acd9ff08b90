-- What the rules of a file's columns expect, but for rules that mapping alone found broken.
INSERT INTO harmonize.expectation
SELECT n.file_id, e.* EXCLUDE (file_id)
FROM harmonize.expectation e
JOIN file_number n ON n.former_id = e.file_id
WHERE e.rule_id IN (SELECT unnest(rules) FROM harmonize.checked_delivery WHERE submission_id = $former)
   OR e.rule_id NOT IN (SELECT rule_id FROM harmonize.finding WHERE submission_id = $former)
