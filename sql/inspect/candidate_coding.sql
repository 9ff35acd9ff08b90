-- The codes to look up before one of several is chosen (coding_choice).
CREATE OR REPLACE TEMP TABLE coding_used AS SELECT DISTINCT coding FROM coding_candidate WHERE coding IS NOT NULL
