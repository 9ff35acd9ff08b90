-- The new and changed resources as views read them, and the Medications that they contain.
CREATE OR REPLACE TEMP VIEW fhir_source AS
SELECT r.rowid AS resource, i.record_id, i.record_key, r.resource_type, r.json{references}
FROM fhir_resource r
JOIN incoming i ON i.record_id = {base} + r.rowid
{resolved}
WHERE i.state IS NULL AND NOT i.is_delete AND r.json IS NOT NULL
UNION ALL BY NAME
SELECT r.rowid AS resource, i.record_id, c.record_key, c.resource_type, c.json::VARCHAR AS json{references}
FROM fhir_contained c
JOIN fhir_resource r ON r.rowid = c.resource
JOIN incoming i ON i.record_id = {base} + r.rowid
{resolved}
WHERE i.state IS NULL AND NOT i.is_delete
