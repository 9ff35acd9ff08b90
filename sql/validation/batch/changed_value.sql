-- Cells of {class} that differ from what the database has under the same id.
SELECT c.file_id, c.line_, '{column}' AS column_name,
       c.{cell} || ' here, ' || {stored} || ' in the database' AS value
FROM batch_{class} c JOIN {store}midrc."{class}" h ON h.submitter_id = c.{key}{project}
WHERE {sent} <> {stored} AND {stored} <> 'Not Reported'
