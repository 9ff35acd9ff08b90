-- The distinct texts of headers by the number of their attribute; sql/dicom/text.sql fills it.
CREATE OR REPLACE TEMP TABLE dicom_text (column_id INTEGER, value VARCHAR)
