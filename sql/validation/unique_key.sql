-- Records whose key stands on several lines: unique_key where their content differs, else repeated_record for all
-- but the first. {table}, {key} (NULL where any part is empty), {shown} and {cells} are put in.
INSERT INTO harmonize.finding
WITH repeated AS (
    SELECT key FROM (SELECT {key} AS key FROM {table}) GROUP BY key HAVING key IS NOT NULL AND count(*) > 1
), record AS (
    SELECT line_, {key} AS key, {shown} AS shown, md5(concat_ws(chr(31), {cells})) AS content
    FROM {table} WHERE {key} IN (SELECT key FROM repeated)
), counted AS (
    SELECT key, count(DISTINCT content) AS contents, min(line_) AS first_line FROM record GROUP BY key
)
SELECT $submission, CASE WHEN contents > 1 THEN $unique_key ELSE $repeated_record END, $file, line_, $column, shown
FROM record JOIN counted USING (key)
WHERE contents > 1 OR line_ > first_line
