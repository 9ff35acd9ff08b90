-- The values of at least {least} cells that tell nobody's identity, the {limit} most frequent of each column of a file.
SELECT column_id, list({{'value': value, 'n': n}} ORDER BY n DESC, value)
FROM (
    SELECT column_id, value, n
    FROM profile_value
    WHERE file_id = {file_id} AND NOT private AND n >= {least}
    QUALIFY row_number() OVER (PARTITION BY column_id ORDER BY n DESC, value) <= {limit}
)
GROUP BY column_id
