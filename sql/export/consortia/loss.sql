-- Rows that are not sent and cells that are sent blank, with the column and the reason; ids are those of the exported rows.
CREATE OR REPLACE TEMP TABLE form_loss (table_name VARCHAR, id VARCHAR, column_name VARCHAR, reason VARCHAR, action VARCHAR)
