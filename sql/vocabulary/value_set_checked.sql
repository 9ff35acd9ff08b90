-- The concepts that value sets name.
CREATE OR REPLACE TEMP TABLE value_set_checked (file VARCHAR, line INTEGER, coding VARCHAR, label VARCHAR, domain VARCHAR)
