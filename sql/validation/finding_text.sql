-- Findings of the files in report_file as people read them.
CREATE OR REPLACE TEMP VIEW finding_text AS
SELECT r.rule, r.severity, p.name AS file, f.line, f.column_id AS position, c.header AS "column",
       NULL::VARCHAR AS path, NULL::VARCHAR AS record, f.value,
       replace(replace(replace(r.message,
         '{column}', coalesce(c.header, '')), '{value}', coalesce(f.value, '')),
         '{expected}', coalesce(e.expected, '')) AS message,
       coalesce('Did you mean ' || n.nearest || '? ', '')
         || replace(replace(r.hint, '{column}', coalesce(c.header, '')), '{expected}', coalesce(e.expected, '')) AS hint,
       e.expected, n.nearest, f.file_id, f.column_id, f.rule_id
FROM harmonize.finding f
JOIN report_file p USING (file_id)
JOIN harmonize.rule r USING (rule_id)
LEFT JOIN harmonize.file_column c ON c.file_id = f.file_id AND c.column_id = f.column_id
LEFT JOIN harmonize.expectation e ON e.file_id = f.file_id AND e.rule_id = f.rule_id
                                 AND e.column_id IS NOT DISTINCT FROM f.column_id
LEFT JOIN finding_nearest n ON n.file_id = f.file_id AND n.rule_id = f.rule_id AND n.value = f.value
                           AND n.column_id IS NOT DISTINCT FROM f.column_id
