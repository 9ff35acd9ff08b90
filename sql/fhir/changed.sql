-- The resources as they are loaded: those of fhir_changed as they stand there.
CREATE OR REPLACE TEMP VIEW fhir_resource AS
SELECT r.rowid AS rowid, r.file_id, r.line, r.position, r.resource_type, r.id, r.full_url, r.method, coalesce(c.json, r.json) AS json,
       r.problem
FROM fhir_staging.resource r LEFT JOIN fhir_changed c ON c.resource = r.rowid
