-- Tables with a key that several of the sent rows have, and how many rows have it.
SELECT DISTINCT table_name, rows
FROM (SELECT table_name, id, count(*) AS rows FROM form_key GROUP BY ALL)
WHERE rows > 1
ORDER BY ALL
