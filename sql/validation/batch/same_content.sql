-- Records of {class} that say the same as an earlier one under another id.
WITH hashed AS (
    SELECT file_id, line_, {key} AS name, hash({cells}) AS content FROM batch_{class} WHERE {filled}
), repeated AS (
    SELECT content, arg_min(name, (file_id, line_)) AS first_name
    FROM hashed GROUP BY content HAVING count(*) > 1 AND min(name) <> max(name)
)
SELECT file_id, line_, '{column}' AS column_name, first_name AS value
FROM hashed JOIN repeated USING (content) WHERE name <> first_name
