-- The values of resources that are withheld or masked, and what patients and those around them are called, with whose they
-- are (`case_key` NULL: nobody's). A record is $base + the resource's rowid.
WITH withheld AS (
    SELECT DISTINCT resource, path FROM fhir_cell
    UNION
    SELECT r.rowid, '$.' || unnest(['name', 'telecom', 'address', 'identifier', 'contact', 'birthDate', 'photo'])
    FROM fhir_staging.resource r
    WHERE r.problem IS NULL AND r.resource_type IN ('Patient', 'RelatedPerson', 'Person')
)
SELECT v.project_id, v.case_key, r.resource_type AS source, v.line AS place, substr(w.path, 3) AS field,
       coalesce(json_extract_string(r.json, w.path), json_extract(r.json, w.path)::VARCHAR) AS value
FROM withheld w
JOIN fhir_staging.resource r ON r.rowid = w.resource
LEFT JOIN vault_record v ON v.record_id = $base + w.resource
WHERE r.json IS NOT NULL AND json_extract(r.json, w.path) IS NOT NULL
