-- Which persons are the same is told anew, of the whole store.
-- when: harmonize.person_same_as
DELETE FROM harmonize.person_same_as
