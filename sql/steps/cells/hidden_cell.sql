-- Cells that are not loaded as they are, while their record is, or in which privacy found something: they are in no key.
CREATE OR REPLACE TEMP TABLE hidden_cell AS
SELECT file_id, line, column_name FROM bad_cell WHERE NOT whole_record AND column_name IS NOT NULL
UNION
SELECT p.file_id, p.line, c.name FROM phi_cell p JOIN harmonize.file_column c USING (file_id, column_id)
