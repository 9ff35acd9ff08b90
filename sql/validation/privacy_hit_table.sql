-- The texts in which a rule of privacy found something, by the number of their column.
CREATE OR REPLACE TEMP TABLE privacy_hit (column_id INTEGER, rule VARCHAR, value VARCHAR)
