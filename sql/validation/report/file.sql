-- The files of a report.
CREATE OR REPLACE TEMP TABLE report_file (file_id INTEGER, name VARCHAR)
