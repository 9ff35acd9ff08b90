-- Every finding with the key that a baseline knows it by: no line, so that lines may move, and no value, only its hash.
CREATE OR REPLACE TEMP TABLE baseline_finding AS
SELECT f.rowid AS number, f.line, r.rule, r.severity, b.content, c.header AS "column",
       left(sha256(concat_ws(chr(31), r.rule, b.content, coalesce(c.header, ''), coalesce(f.value, ''))), 16) AS key
FROM harmonize.finding f
JOIN baseline_file b USING (file_id)
JOIN harmonize.rule r USING (rule_id)
LEFT JOIN harmonize.file_column c USING (file_id, column_id)
