-- References of the table to rows of its own ({column}) that are not sent; their cells are blank.
INSERT INTO form_loss
SELECT $table, {key}::VARCHAR, $column, 'link', 'blanked'
FROM form_checked
WHERE form_loss IS NULL AND {column} IS NOT NULL
  AND NOT EXISTS (FROM form_key k WHERE k.table_name = $table AND k.id = {column})
