-- Keys of {class} that stand in several files ({records} gives file_id, line_, key, content of each record): `unique_key` where
-- the contents differ, else `repeated_record` ({rule}). What lies within one file is found there.
WITH record AS ({records}),
counted AS (
    SELECT file_id, line_, key,
           count(DISTINCT content) OVER (PARTITION BY key) AS contents,
           count(DISTINCT content) OVER (PARTITION BY key, file_id) AS own_contents,
           min((file_id, line_)) OVER (PARTITION BY key) AS first,
           min(line_) OVER (PARTITION BY key, file_id) AS own_first
    FROM record
    SEMI JOIN (SELECT key FROM record GROUP BY key HAVING count(DISTINCT file_id) > 1) USING (key)
)
SELECT file_id, line_, '{column}' AS column_name, key AS value
FROM counted
WHERE {condition}
