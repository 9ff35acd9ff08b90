-- Units that are neither of UCUM, as far as it is known, nor a spelling of one (plain_unit is of sql/vocabulary/spelling.sql).
WITH unit AS ({units})
SELECT file_id, line_, '{column}' AS column_name, {cell} AS value
FROM batch_{class}
WHERE {cell} IN (
    SELECT cell FROM (SELECT DISTINCT {cell} AS cell FROM batch_{class})
    WHERE trim(cell) NOT IN (SELECT unit FROM unit WHERE unit IS NOT NULL)
      AND plain_unit(cell) NOT IN (SELECT unit FROM unit WHERE unit IS NOT NULL))
