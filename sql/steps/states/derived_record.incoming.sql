-- The incoming ones that nothing has judged yet.
-- when: delivery
-- before: incoming.derived
INSERT INTO derived_record
SELECT record_id, false FROM incoming WHERE state IS NULL
