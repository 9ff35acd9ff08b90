-- The elements that the views of a mapping read.
CREATE OR REPLACE TEMP TABLE fhir_read AS
SELECT unnest($1) AS resource_type, unnest($2) AS path, unnest($3) AS is_whole
