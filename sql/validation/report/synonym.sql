-- Other words for the values of a value set.
CREATE OR REPLACE TEMP TABLE synonym (text VARCHAR, value VARCHAR)
