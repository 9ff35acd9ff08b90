-- The ids of a new shard begin behind its number: they count on from the highest that was given.
INSERT INTO harmonize.row_id_retired
SELECT t, md5('shard|' || t)::UUID, $first FROM (SELECT unnest(enum_range(NULL::harmonize.omop_table)) AS t)
