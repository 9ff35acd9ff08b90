-- Systems of codes by another name than their own, with that; addresses and OIDs are names, too.
SELECT b.file_id, b.line_, '{system_column}' AS column_name, trim({system}) || ', another name of ' || s.name AS value
FROM batch_{class} b
JOIN code_system s ON s.system = lower(trim({system}))
WHERE s.system <> lower(s.name) AND NOT regexp_matches(s.system, '^(https?:|urn:|[0-9.]+$)')
