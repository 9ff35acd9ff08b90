-- The codings that somebody wants to see.
CREATE OR REPLACE TEMP TABLE wanted_code (coding VARCHAR)
