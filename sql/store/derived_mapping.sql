-- Entry 0 of harmonize.mapping: rows that the engine derives from hub rows.
INSERT INTO harmonize.mapping
SELECT 0, 'derived', '1', 'imaging_study', 'imaging_series', 'derived', NULL, false
WHERE NOT EXISTS (FROM harmonize.mapping WHERE mapping_id = 0)
