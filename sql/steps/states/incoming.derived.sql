-- The states that derivation gives the incoming records.
-- when: delivery
-- when: derived_state
UPDATE incoming SET state = d.state, reason = d.reason
FROM derived_state d
WHERE incoming.record_id = d.record_id AND incoming.state IS NULL
