-- Records that begin after the death of their case.
WITH death AS (
    SELECT case_key, max(day) AS day FROM ({deaths}) WHERE case_key IS NOT NULL GROUP BY case_key
)
SELECT e.file_id, e.line_, e.column_name, {day} || ', after the death on ' || {death} AS value
FROM ({events}) e JOIN death d USING (case_key) WHERE e.day > d.day
