-- Spellings that stand for a value.
CREATE OR REPLACE TEMP TABLE spelling (text VARCHAR, value VARCHAR)
