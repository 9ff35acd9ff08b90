-- Records of {child} whose case differs from that of the {parent} that they link to.
WITH parent AS (
    SELECT {key} AS name, min({parent_case}) AS case_key FROM batch_{parent} WHERE {key} IS NOT NULL GROUP BY ALL
    HAVING min({parent_case}) = max({parent_case})
)
SELECT c.file_id, c.line_, '{column}' AS column_name,
       {child_case} || ' here, ' || p.case_key || ' as ' || c.{link} || ' has it' AS value
FROM batch_{child} c JOIN parent p ON p.name = c.{link} WHERE {child_case} <> p.case_key
