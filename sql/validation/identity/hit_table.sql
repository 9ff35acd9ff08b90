-- The texts that hold a token, and how it is written there.
CREATE OR REPLACE TEMP TABLE identity_hit (column_id INTEGER, value VARCHAR, said VARCHAR)
