-- Records that begin after the day on which their case died.
WITH death AS (
    SELECT case_key, max(day) AS day FROM ({deaths}) WHERE case_key IS NOT NULL GROUP BY case_key
)
SELECT e.file_id, e.line_, e.column_name, {day} || ', after the death on ' || {death} AS value
FROM ({events}) e JOIN death d USING (case_key) WHERE {later}
