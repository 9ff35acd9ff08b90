-- The records of withdrawn persons: those of whose rows every one that names a case names one of these.
INSERT INTO withdrawn_record
SELECT record_id
FROM ({rows})
WHERE case_key IS NOT NULL
GROUP BY record_id
HAVING bool_and(case_key IN (FROM withdrawn_case))
