-- The records of the cases to withdraw: those that made rows of these cases and of no other (case_row, other_row), and
-- further ones with the same key that made no row (repeats, versions that were quarantined or left out).
CREATE OR REPLACE TEMP TABLE withdraw_record AS
SELECT DISTINCT record_id FROM case_row ANTI JOIN other_row USING (record_id)
UNION
SELECT record_id FROM same_key ANTI JOIN made_row USING (record_id)
