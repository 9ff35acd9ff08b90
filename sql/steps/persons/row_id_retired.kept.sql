-- The ids of the affected persons wait no longer.
DELETE FROM harmonize.row_id_retired WHERE omop_table = 'person' AND row_key IN (SELECT row_key FROM person_of_case)
