-- The codings that are asked for.
CREATE OR REPLACE TEMP TABLE coding_named AS
SELECT unnest($codings::VARCHAR[]) AS coding
