-- Systems of codes that are not known.
SELECT b.file_id, b.line_, '{system_column}' AS column_name, {system} AS value
FROM batch_{class} b
WHERE {system} IS NOT NULL AND lower(trim({system})) NOT IN (SELECT system FROM code_system)
