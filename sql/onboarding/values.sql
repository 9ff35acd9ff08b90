-- Each distinct value of one column of a staged file with its number of cells.
INSERT INTO profile_value
SELECT {file_id}, {column_id}, {cell}, count(*), false
FROM {table}
WHERE {cell} IS NOT NULL
GROUP BY 3
