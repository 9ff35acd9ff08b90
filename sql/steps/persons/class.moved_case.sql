-- moved_case: where merging moved dates, on which ages rest.
-- tells: moved_case
SELECT 'moved_case' FROM affected_case WHERE day_shift <> 0 LIMIT 1
