-- The texts that any privacy rule may concern.
CREATE OR REPLACE TEMP TABLE privacy_candidate (column_id INTEGER, value VARCHAR)
