-- Records of the withdrawn submission that another submission, which stands, repeated unchanged: the first such holds them now.
CREATE OR REPLACE TEMP TABLE handed_over AS
SELECT r.record_id, r.key_hash, r.record_type, r.file_id AS own_file_id, r.line AS own_line,
       h.submission_id, h.file_id, h.first_line + (r.record_id - h.first_record_id) AS line
FROM harmonize.record r
JOIN harmonize.record_holder h ON r.record_id >= h.first_record_id AND r.record_id <= h.last_record_id
JOIN harmonize.submission s ON s.submission_id = h.submission_id AND s.state = 'loaded'
WHERE r.submission_id = $submission
QUALIFY row_number() OVER (PARTITION BY r.record_id ORDER BY h.submission_id, h.file_id) = 1
