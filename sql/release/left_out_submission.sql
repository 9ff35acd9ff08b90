-- The submissions that a copy of the store does not have.
CREATE OR REPLACE TEMP TABLE left_out_submission AS
SELECT unnest($held::INTEGER[]) AS submission_id
