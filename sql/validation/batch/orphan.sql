-- Links of {child} that name no record of {parent}, neither in the delivery nor in the database.
WITH known AS ({known})
SELECT file_id, line_, '{column}' AS column_name, link AS value
FROM ({named}) ANTI JOIN known USING (name) WHERE name <> ''
