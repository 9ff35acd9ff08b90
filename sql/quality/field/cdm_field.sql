-- A column that the CDM has is missing.
SELECT
    (count(*) FILTER (WHERE c.table_name = {table_name} AND c.column_name = {field_name}) = 0)::INTEGER AS violated,
    1 AS denominator
FROM duckdb_columns() c WHERE c.database_name = current_database() AND c.schema_name = 'omop'
