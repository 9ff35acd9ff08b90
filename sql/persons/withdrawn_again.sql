-- The withdrawn cases of the store, whose records a load leaves out.
CREATE OR REPLACE TEMP TABLE withdraw_case AS
SELECT project_id, case_key
FROM harmonize.withdrawn_case
