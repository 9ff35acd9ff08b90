"""Tables: delimited text, workbooks, Parquet and MD.ai exports, staged as text with true line numbers."""
