-- What becomes of the checked rows ({key} names one of them): rows not sent, cells blanked in those that are.
INSERT INTO form_loss
SELECT $table, {key}::VARCHAR, nullif(split_part(form_loss, ':', 2), ''), split_part(form_loss, ':', 1), 'left out'
FROM form_checked WHERE form_loss IS NOT NULL
UNION ALL
SELECT $table, id, split_part(cell, ':', 2), split_part(cell, ':', 1), 'blanked'
FROM (SELECT {key}::VARCHAR AS id, unnest(form_blanks) AS cell FROM form_checked WHERE form_loss IS NULL)
