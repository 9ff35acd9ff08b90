-- The tables and views of an attached database ($database): what is said of them; their columns with types and what is said of these.
SELECT t.schema_name, t.name, t.comment, t.is_view,
       list((c.column_name, c.data_type, c.comment) ORDER BY c.column_index) AS columns
FROM (
  SELECT schema_name, table_name AS name, comment, false AS is_view FROM duckdb_tables() WHERE database_name = $database
  UNION ALL
  SELECT schema_name, view_name, comment, true FROM duckdb_views() WHERE database_name = $database AND NOT internal
) t
JOIN duckdb_columns() c ON c.database_name = $database AND c.schema_name = t.schema_name AND c.table_name = t.name
GROUP BY ALL
ORDER BY t.schema_name, t.name
