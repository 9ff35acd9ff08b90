-- Units that are neither of UCUM, as far as it is known, nor a spelling of one.
WITH unit AS ({units})
SELECT file_id, line_, '{column}' AS column_name, {cell} AS value
FROM batch_{class} WHERE {cell} IS NOT NULL AND trim({cell}) NOT IN (SELECT unit FROM unit WHERE unit IS NOT NULL)
