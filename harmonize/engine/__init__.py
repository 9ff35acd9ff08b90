"""What everything stands on: errors and exit codes, shipped files, the DuckDB store. Imports nothing above."""
