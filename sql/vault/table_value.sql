-- The values of a staged {table} that are withheld or masked: those in which a rule of privacy found something, and all of the
-- columns {columns}, with whose they are (`case_key` NULL: nobody's).
SELECT v.project_id, v.case_key, $name AS source, t.line_ AS place, c.header AS field, t.value
FROM (
    SELECT line_, unnest({numbers}) AS column_id, unnest([{cells}]::VARCHAR[]) AS value FROM {table}
) t
JOIN harmonize.file_column c ON c.file_id = $file AND c.column_id = t.column_id
LEFT JOIN private_text p ON p.file_id = $file AND p.column_id = t.column_id AND p.value = t.value
LEFT JOIN vault_record v ON v.file_id = $file AND v.line = t.line_
WHERE trim(t.value) <> '' AND (p.value IS NOT NULL OR list_contains({columns}::INTEGER[], t.column_id))
