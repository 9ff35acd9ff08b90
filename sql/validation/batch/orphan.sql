-- Links of {child} that name no record of {parent}, neither in the delivery nor in the database.
WITH known AS ({known}), named AS (
    SELECT DISTINCT {link} AS link FROM batch_{child} WHERE {link} IS NOT NULL
), piece AS (
    {pieces}
), missing AS (
    SELECT DISTINCT link FROM piece ANTI JOIN known USING (name)
)
SELECT c.file_id, c.line_, '{column}' AS column_name, c.{link} AS value
FROM batch_{child} c JOIN missing m ON m.link = c.{link}
