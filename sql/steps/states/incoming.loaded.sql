-- All others are loaded.
-- when: delivery
-- after: incoming.derived
UPDATE incoming SET state = 'loaded' WHERE state IS NULL
