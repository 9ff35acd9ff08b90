-- Number what has no number yet, in the order of its kind and key; a number is never given to anything else.
INSERT INTO cluster.registry
SELECT kind, key, coalesce(last, 0) + row_number() OVER (PARTITION BY kind ORDER BY key)
FROM (SELECT DISTINCT kind, key FROM {keys} ANTI JOIN cluster.registry USING (kind, key))
LEFT JOIN (SELECT kind, max(number) AS last FROM cluster.registry GROUP BY kind) USING (kind)
