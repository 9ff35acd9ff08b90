-- What became of the cells of their columns, or of the elements of their resources.
INSERT INTO harmonize.ledger_column
SELECT $submission, n.file_id, c.* EXCLUDE (submission_id, file_id)
FROM harmonize.ledger_column c
LEFT JOIN file_number n ON n.former_id = c.file_id
WHERE c.submission_id = $former
