-- The files of a baseline, by their contents.
CREATE OR REPLACE TEMP TABLE baseline_file (file_id INTEGER, content VARCHAR)
