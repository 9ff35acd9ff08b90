-- First law: of every file, records = the sum of all states.
SELECT name, records, loaded + excluded + quarantined + duplicate + context + unchanged + superseded + deleted AS accounted
FROM harmonize.source_file
WHERE records <> loaded + excluded + quarantined + duplicate + context + unchanged + superseded + deleted
ORDER BY file_id
LIMIT 1
