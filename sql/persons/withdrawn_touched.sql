-- The withdrawn cases are touched.
CREATE OR REPLACE TEMP TABLE touched_case AS
FROM withdraw_case
