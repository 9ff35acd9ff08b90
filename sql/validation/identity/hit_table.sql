-- The texts that hold a token, how it is written there, and its kind.
CREATE OR REPLACE TEMP TABLE identity_hit (column_id INTEGER, value VARCHAR, said VARCHAR, kind VARCHAR)
