"""The forms in which a publication leaves: files of DuckDB of either generation, Parquet, CSV, PostgreSQL, OHDSI."""
