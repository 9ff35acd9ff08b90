-- The resources as they are loaded: those of fhir_changed as they stand there.
CREATE OR REPLACE TEMP VIEW fhir_resource AS
SELECT r.rowid AS rowid, r.* REPLACE (coalesce(c.json, r.json) AS json)
FROM fhir_staging.resource r LEFT JOIN fhir_changed c ON c.resource = r.rowid
