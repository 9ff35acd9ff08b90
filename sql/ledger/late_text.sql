-- The texts of earlier rows of {relation} of the cases that this load touches, each once a column ({numbers}, {cells}).
CREATE OR REPLACE TEMP TABLE late_text AS
SELECT DISTINCT unnest([{numbers}]) AS column_id, unnest([{cells}]) AS value
FROM {relation} h
SEMI JOIN touched_case USING (project_id, case_key)
WHERE h.record_id < (SELECT min(record_id) FROM incoming)
