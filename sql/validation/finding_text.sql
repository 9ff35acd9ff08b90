-- Findings of the files in report_file as people read them.
CREATE OR REPLACE TEMP VIEW finding_text AS
SELECT t.rule, t.severity, t.file, CASE WHEN x.file_id IS NULL THEN f.line ELSE x.line END AS line,
       -- a resource has its place among those of its line; a line of a table has a column
       CASE WHEN (x.line IS DISTINCT FROM x.place) THEN x.position WHEN t.path IS NULL THEN f.column_id END AS position,
       t."column", t.path, x.record, f.value,
       CASE WHEN t.tail IS NULL THEN t.head ELSE t.head || coalesce(f.value, '') || t.tail END AS message,
       coalesce('Did you mean ' || n.nearest || '? ', '') || t.hint AS hint,
       t.expected, n.nearest, f.file_id, f.line AS place, f.column_id, f.rule_id
FROM harmonize.finding f
JOIN finding_template t ON t.file_id = f.file_id AND t.rule_id = f.rule_id AND t.place = coalesce(f.column_id, 0)
LEFT JOIN finding_record x ON x.file_id = f.file_id AND x.place = f.line
LEFT JOIN finding_nearest n ON n.file_id = f.file_id AND n.rule_id = f.rule_id AND n.value = f.value
                           AND n.column_id IS NOT DISTINCT FROM f.column_id
