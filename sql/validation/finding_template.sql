-- What is said of every finding of one rule in one column of one file; {value}, which differs, divides the message.
CREATE OR REPLACE TEMP TABLE finding_template AS
WITH told AS (
    SELECT f.file_id, f.rule_id, f.column_id, r.rule, r.severity, p.name AS file, c.header AS "column",
           CASE WHEN contains(c.name, '.') THEN c.name END AS path, e.expected,
           string_split(r.message, '{value}') AS parts, r.hint
    FROM (SELECT DISTINCT file_id, rule_id, column_id FROM harmonize.finding) f
    JOIN report_file p USING (file_id)
    JOIN harmonize.rule r USING (rule_id)
    LEFT JOIN harmonize.file_column c ON c.file_id = f.file_id AND c.column_id = f.column_id
    LEFT JOIN harmonize.expectation e ON e.file_id = f.file_id AND e.rule_id = f.rule_id
                                     AND e.column_id IS NOT DISTINCT FROM f.column_id
)
SELECT file_id, rule_id, coalesce(column_id, 0) AS place, rule, severity, file, "column", path, expected,
       replace(replace(parts[1], '{expected}', coalesce(expected, '')), '{column}', coalesce("column", '')) AS head,
       replace(replace(parts[2], '{expected}', coalesce(expected, '')), '{column}', coalesce("column", '')) AS tail,
       replace(replace(hint, '{expected}', coalesce(expected, '')), '{column}', coalesce("column", '')) AS hint
FROM told
