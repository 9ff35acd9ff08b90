-- Findings as every machine-readable format carries them, in order.
SELECT rule, severity, file, line, position, "column", path, record, value, message, hint
FROM finding_text ORDER BY file_id, line NULLS FIRST, position, rule_id
