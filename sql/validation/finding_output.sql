-- Findings as every machine-readable format carries them. The order is told to the last: a record without a line, such as a series
-- of images, has its place.
SELECT rule, severity, file, line, position, "column", path, record, value, message, hint
FROM finding_text ORDER BY file_id, line NULLS FIRST, position, place, rule_id, column_id, message
