-- The resources as they are loaded (see changed.sql), with ids that stand for others.
CREATE OR REPLACE TEMP VIEW fhir_resource AS
SELECT r.rowid AS rowid, r.file_id, r.line, r.position, r.resource_type, coalesce(m.shown, r.id) AS id,
       CASE WHEN r.id IS NULL AND u.id IS NOT NULL THEN replace(r.full_url, u.id, u.shown) ELSE r.full_url END AS full_url,
       r.method, coalesce(c.json, r.json) AS json, r.problem
FROM fhir_staging.resource r
LEFT JOIN fhir_changed c ON c.resource = r.rowid
LEFT JOIN fhir_masked_id m ON m.id = r.id
LEFT JOIN fhir_masked_id u ON r.id IS NULL AND u.id = regexp_extract(r.full_url, '([^/:]+)$', 1)
