-- The concepts that the loaded value sets name.
CREATE OR REPLACE TEMP TABLE value_set_object AS
SELECT object AS coding
FROM harmonize.value_set
