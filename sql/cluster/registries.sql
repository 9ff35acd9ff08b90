-- The tables of numbers for readers of all shards, from what they number.
CREATE OR REPLACE TEMP VIEW cluster_record_type AS
SELECT number::USMALLINT AS record_type, key AS name FROM cluster.registry WHERE kind = 'record_type';

CREATE OR REPLACE TEMP VIEW cluster_reason AS
SELECT number::USMALLINT AS reason_id, key AS reason FROM cluster.registry WHERE kind = 'reason';

CREATE OR REPLACE TEMP VIEW cluster_rule AS
SELECT g.number::USMALLINT AS rule_id, r.* EXCLUDE (rule_id)
FROM harmonize.rule r JOIN cluster.registry g ON g.kind = 'rule' AND g.key = r.rule;

CREATE OR REPLACE TEMP VIEW cluster_mapping AS
SELECT g.number::USMALLINT AS mapping_id, m.* EXCLUDE (mapping_id)
FROM harmonize.mapping m
JOIN cluster.registry g ON g.kind = 'mapping' AND g.key = to_json([name, version, target, source, part])::VARCHAR
UNION ALL
FROM harmonize.mapping WHERE mapping_id = 0;

CREATE OR REPLACE TEMP VIEW cluster_file_column AS
SELECT (key->>0)::INTEGER AS file_id, number::INTEGER AS column_id, key->>1 AS name, key->>2 AS header
FROM cluster.registry WHERE kind = 'column'
