-- The findings that a baseline knows, by their keys.
CREATE OR REPLACE TEMP TABLE baseline_known (key VARCHAR, count BIGINT)
