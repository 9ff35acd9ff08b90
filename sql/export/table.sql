-- The tables of some schemas ($schemas) with their columns: types in order, which are required, comments.
SELECT c.schema_name, c.table_name,
       map_from_entries(list((c.column_name, c.data_type) ORDER BY c.column_index)) AS types,
       coalesce(list(c.column_name ORDER BY c.column_index) FILTER (NOT c.is_nullable), []) AS not_null,
       t.comment,
       coalesce(map_from_entries(list((c.column_name, c.comment)) FILTER (c.comment IS NOT NULL)), MAP {})
           AS column_comments
FROM duckdb_columns() c
JOIN duckdb_tables() t USING (database_name, table_oid)
WHERE c.database_name = current_database()
  AND list_contains($schemas, c.schema_name)
GROUP BY ALL
ORDER BY c.schema_name, c.table_name
