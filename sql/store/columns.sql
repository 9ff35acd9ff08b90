-- Every column of the tables that last, in order: schema.table, column, type, whether it must be filled, comment.
SELECT schema_name || '.' || table_name, column_name, data_type, is_nullable, coalesce(comment, '')
FROM duckdb_columns()
WHERE database_name = current_database() AND NOT internal AND schema_name IN ('omop', 'midrc', 'archive', 'harmonize')
  AND NOT starts_with(table_name, $made_anew)
  AND (schema_name, table_name) IN (SELECT (schema_name, table_name) FROM duckdb_tables() WHERE database_name = current_database())
ORDER BY schema_name, table_name, column_index
