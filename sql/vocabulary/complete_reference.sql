-- A row of omop.{table} for each {table}_id that concepts use and no file describes: named by its id, concept 0.
INSERT INTO omop.{table} BY NAME
SELECT DISTINCT c.{table}_id, c.{table}_id AS {table}_name, 0 AS {table}_concept_id
FROM omop.concept AS c
ANTI JOIN omop.{table} AS t ON t.{table}_id = c.{table}_id
