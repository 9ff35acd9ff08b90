-- Records of {class} that the database has under another id.
WITH loaded AS (
    SELECT hash({stored}) AS content, min(submitter_id) AS loaded_name, list(submitter_id) AS names
    FROM {store}midrc."{class}" {project} GROUP BY content
)
SELECT c.file_id, c.line_, '{column}' AS column_name, loaded_name AS value
FROM batch_{class} c JOIN loaded ON content = hash({sent})
WHERE {filled} AND NOT list_contains(names, c.{key})
