-- A case of which rows were moved before keeps its own days: they cannot be moved again.
INSERT INTO harmonize.shift_case
SELECT $project, case_key, CASE WHEN case_key IN ({moved}) THEN case_key ELSE shift_case END FROM shift_link
