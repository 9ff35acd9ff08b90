-- What the checks found in them; what mapping and derivation found stays with the submission that it was found in.
INSERT INTO harmonize.finding
SELECT $submission, f.rule_id, n.file_id, f.* EXCLUDE (submission_id, rule_id, file_id)
FROM harmonize.finding f
JOIN file_number n ON n.former_id = f.file_id
WHERE f.submission_id = $former
  AND f.rule_id IN (SELECT unnest(rules) FROM harmonize.checked_delivery WHERE submission_id = $former)
