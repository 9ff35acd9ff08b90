-- The versions that end are current no more; a withdrawal of the submission brings them back.
-- when: ended
-- params: submission
UPDATE harmonize.record SET is_current = false, state = e.state, ended_by = $submission
FROM ended e
WHERE record.record_id = e.record_id
