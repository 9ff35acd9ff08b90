-- Records of a submission that another delivery of the same files writes again: refused by a rule, without a key or a content, older
-- than another version of the delivery, repetitions of these. What waits (for a patient, a date) is mapped anew instead.
CREATE OR REPLACE TEMP TABLE written_again AS
SELECT r.*
FROM harmonize.record r
LEFT JOIN harmonize.reason w USING (reason_id)
WHERE r.submission_id = $former
  AND (r.key_hash IS NULL OR NOT r.is_current AND r.state = 'quarantined' AND w.reason <> 'no_case_key'
       OR r.state = 'superseded' AND w.reason = 'newer_version' OR r.state = 'excluded' AND w.reason = 'empty_entry'
       OR r.state = 'duplicate' AND NOT EXISTS (FROM harmonize.record c WHERE c.is_current AND c.key_hash = r.key_hash
                                                AND c.record_type = r.record_type AND c.content_hash = r.content_hash))
