-- What the tables of one store number, by kind and by what each number stands for: readers of all shards need one number for one thing.
SELECT 'record_type' AS kind, record_type::BIGINT AS local, name AS key FROM harmonize.record_type
UNION ALL SELECT 'reason', reason_id, reason FROM harmonize.reason
UNION ALL SELECT 'rule', rule_id, rule FROM harmonize.rule
UNION ALL SELECT 'mapping', mapping_id, to_json([name, version, target, source, part])::VARCHAR FROM harmonize.mapping WHERE mapping_id > 0
UNION ALL SELECT 'column', (file_id::BIGINT << 32) + column_id,
                 to_json([file_id::VARCHAR, name, header])::VARCHAR FROM harmonize.file_column
UNION ALL SELECT omop_table::VARCHAR, omop_id, row_key::VARCHAR
          FROM (FROM harmonize.row_id UNION ALL FROM harmonize.row_id_retired)
          WHERE omop_table::VARCHAR IN ('location', 'care_site', 'provider') AND row_key <> md5('shard|' || omop_table)::UUID
