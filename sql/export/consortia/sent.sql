-- The ids of the checked rows that are sent; {key} is the table's own id.
INSERT INTO form_key SELECT $table, {key} FROM form_checked WHERE form_loss IS NULL
