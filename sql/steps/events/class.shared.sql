-- shared: where entries of a mapping name the event themselves, so that several records may tell it.
-- tells: shared
SELECT 'shared' FROM harmonize.mapping WHERE is_shared LIMIT 1
