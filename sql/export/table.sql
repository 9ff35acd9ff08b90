-- The tables that publishing copies, each with its columns; $hidden holds schema.column, the rest names.
SELECT c.schema_name, c.table_name,
       string_agg(format('"{}"', c.column_name), ', ' ORDER BY c.column_index) AS columns,
       coalesce(list(c.column_name ORDER BY c.column_index) FILTER (NOT c.is_nullable), []) AS not_null,
       t.comment,
       coalesce(map_from_entries(list((c.column_name, c.comment)) FILTER (c.comment IS NOT NULL)), MAP {})
           AS column_comments
FROM duckdb_columns() c
JOIN duckdb_tables() t USING (database_name, table_oid)
WHERE c.database_name = current_database()
  AND NOT list_contains($hidden, c.schema_name || '.' || c.column_name)
  AND (list_contains($schemas, c.schema_name)
       OR c.schema_name = 'harmonize' AND list_contains($bookkeeping, c.table_name))
GROUP BY ALL
ORDER BY c.schema_name, c.table_name
