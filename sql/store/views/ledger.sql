-- The ledger for people: what became of each record.
CREATE VIEW harmonize.ledger AS
SELECT r.submission_id, r.file_id, f.name AS file, r.line, t.name AS record_type, r.record_key, r.state, e.reason
FROM harmonize.record r
JOIN harmonize.source_file f ON f.file_id = r.file_id
JOIN harmonize.record_type t ON t.record_type = r.record_type
LEFT JOIN harmonize.reason e ON e.reason_id = r.reason_id
