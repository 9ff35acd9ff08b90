-- The files of the former submission and the numbers that they get as files of the new one.
CREATE OR REPLACE TEMP TABLE file_number AS
SELECT file_id AS former_id, (SELECT max(file_id) FROM harmonize.source_file) + row_number() OVER (ORDER BY file_id) AS file_id
FROM harmonize.source_file
WHERE submission_id = $former
