-- Findings for a spreadsheet: a text that it would take for a formula begins with an apostrophe.
SELECT rule, severity, cell_text(file) AS file, line, position, cell_text("column") AS "column", cell_text(path) AS path,
       cell_text(record) AS record, cell_text(value) AS value, cell_text(message) AS message, cell_text(hint) AS hint
FROM finding_text ORDER BY file_id, line NULLS FIRST, position, place, rule_id, column_id, message
