-- The concepts that the subjects of value sets (value_set_subject) are mapped to.
CREATE OR REPLACE TEMP TABLE value_set_matched AS
SELECT DISTINCT object AS coding
FROM value_set_subject
