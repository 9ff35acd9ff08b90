-- Findings by file, rule and column, the worst and most frequent first, with the first lines of each ($examples of them).
SELECT f.file_id, r.rule, r.severity, r.scope, r.message, r.hint, c.header AS "column", e.expected,
       count(*) AS count,
       arg_min({'line': f.line, 'value': f.value, 'nearest': n.nearest,
                'place': concat_ws(', ', 'line ' || format('{:,}', x.line), 'entry ' || format('{:,}', x.position),
                                   nullif(x.record, ''))}, (coalesce(f.line, 0), coalesce(f.value, '')), $examples) AS examples
FROM harmonize.finding f
JOIN report_file USING (file_id)
JOIN harmonize.rule r USING (rule_id)
LEFT JOIN harmonize.file_column c ON c.file_id = f.file_id AND c.column_id = f.column_id
LEFT JOIN harmonize.expectation e ON e.file_id = f.file_id AND e.rule_id = f.rule_id
                                 AND e.column_id IS NOT DISTINCT FROM f.column_id
LEFT JOIN finding_record x ON x.file_id = f.file_id AND x.place = f.line
LEFT JOIN finding_nearest n ON n.file_id = f.file_id AND n.rule_id = f.rule_id AND n.value = f.value
                           AND n.column_id IS NOT DISTINCT FROM f.column_id
GROUP BY f.file_id, f.rule_id, r.rule, r.severity, r.scope, r.message, r.hint, c.header, e.expected
ORDER BY f.file_id, r.severity, r.scope = 'cell', count(*) DESC, f.rule_id, min(f.column_id)
