-- Ids in {cell} of {class} that stand beside several names.
WITH named AS (
    SELECT {cell} AS id, string_agg(DISTINCT {name}, ', ' ORDER BY {name}) AS names
    FROM batch_{class} WHERE {cell} IS NOT NULL AND {name} IS NOT NULL
    GROUP BY ALL HAVING count(DISTINCT {name}) > 1
)
SELECT min_by(file_id, (file_id, line_)) AS file_id, min_by(line_, (file_id, line_)) AS line_, '{column}' AS column_name,
       id || ': ' || any_value(names) AS value
FROM batch_{class} b JOIN named ON named.id = b.{cell}
GROUP BY id
