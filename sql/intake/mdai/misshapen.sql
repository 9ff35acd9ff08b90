-- The first place of an MD.ai export that has another shape than it must have, and would be read as if nothing were there.
WITH export AS MATERIALIZED (
    SELECT from_json(content, '{"labelGroups": "JSON", "datasets": "JSON"}') AS found FROM read_text($path)
),
label_group AS (
    SELECT unnest(from_json(found.labelGroups, '["JSON"]')) AS one FROM export WHERE json_type(found.labelGroups) = 'ARRAY'
),
dataset AS (
    SELECT unnest(from_json(found.datasets, '["JSON"]')) AS one FROM export WHERE json_type(found.datasets) = 'ARRAY'
),
place AS (
    SELECT 'labelGroups' AS name, json_type(found.labelGroups) AS kind, 'ARRAY' AS expected FROM export
    UNION ALL SELECT 'datasets', json_type(found.datasets), 'ARRAY' FROM export
    UNION ALL SELECT 'labels of a label group', json_type(one, '$.labels'), 'ARRAY' FROM label_group
    UNION ALL SELECT 'an entry of datasets', json_type(one), 'OBJECT' FROM dataset
    UNION ALL SELECT 'studies of a dataset', json_type(one, '$.studies'), 'ARRAY' FROM dataset
    UNION ALL SELECT 'annotations of a dataset', json_type(one, '$.annotations'), 'ARRAY' FROM dataset
)
SELECT name, CASE expected WHEN 'ARRAY' THEN 'a list' ELSE 'an object' END
FROM place WHERE kind NOT IN (expected, 'NULL')
LIMIT 1
