-- The log of what was mended.
SELECT cell_text(p.name) AS file, f.line, cell_text(c.header) AS "column",
       CASE WHEN f.hidden THEN '***' ELSE cell_text(f.before) END AS before,
       CASE WHEN f.hidden THEN '***' ELSE cell_text(f.after) END AS after, f.rule
FROM fix f
JOIN fix_file p USING (file_id)
LEFT JOIN harmonize.file_column c ON c.file_id = f.file_id AND c.column_id = f.position
ORDER BY f.file_id, f.line, f.position
