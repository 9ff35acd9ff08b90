-- The files of a delivery by their role in a bulk export.
CREATE OR REPLACE TEMP TABLE fhir_file AS
SELECT unnest($files) AS file_id, unnest($names) AS name, unnest($roles) AS role
