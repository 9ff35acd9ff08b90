-- Records of {class} with a checksum that an earlier one has too.
WITH named AS (
    SELECT file_id, line_, {key} AS name, lower({cell}) AS sum FROM batch_{class} WHERE {cell} IS NOT NULL
), repeated AS (
    SELECT sum, arg_min(name, (file_id, line_)) AS first_name
    FROM named GROUP BY sum HAVING count(*) > 1 AND min(name) <> max(name)
)
SELECT file_id, line_, '{column}' AS column_name, first_name AS value
FROM named JOIN repeated USING (sum) WHERE name <> first_name
