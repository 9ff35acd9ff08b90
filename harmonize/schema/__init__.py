"""LinkML schemas as plain data: reading, DDL, SQLAlchemy metadata."""
