-- The findings of some columns of a file ({columns}, their {cells}) by the texts of private_text. {numbers} gives the number of a rule.
INSERT INTO harmonize.finding
SELECT $submission, CASE rule {numbers} END, $file, line_, column_id, told
FROM (
    SELECT t.line_, t.column_id, unnest(p.rules) AS rule, p.told
    FROM (SELECT line_, unnest({columns}) AS column_id, unnest([{cells}]) AS value FROM {table}) t
    JOIN private_text p ON p.file_id = $file AND p.column_id = t.column_id AND p.value = t.value
)
