-- Records whose key stands on several lines: unique_key where their content differs, else repeated_record for all
-- but the first. {table}, {key} (NULL where any part is empty), {shown} and {cells} are put in.
INSERT INTO harmonize.finding
WITH keyed AS (
    SELECT line_, {key} AS key, {shown} AS shown, md5(concat_ws(chr(31), {cells})) AS content FROM {table}
), repeated AS (
    SELECT key, count(DISTINCT content) AS contents, min(line_) AS first_line
    FROM keyed WHERE key IS NOT NULL GROUP BY key HAVING count(*) > 1
)
SELECT $submission, CASE WHEN contents > 1 THEN $unique_key ELSE $repeated_record END, $file, line_, $column, shown
FROM keyed JOIN repeated USING (key)
WHERE contents > 1 OR line_ > first_line
