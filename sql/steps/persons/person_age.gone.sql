-- The ages of the affected persons are told anew.
DELETE FROM harmonize.person_age WHERE person_id IN (SELECT person_id FROM person_of_case)
