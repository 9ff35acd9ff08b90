-- Resources whose id identifies a person: the hash of the key that they had, and the one that they have (fhir_masked_id). One
-- without an id goes by the last part of its fullUrl.
INSERT INTO rekey
SELECT DISTINCT t.record_type, md5($prefix || t.resource_type || '|' || m.id)::UUID, m.shown,
       md5($prefix || t.resource_type || '|' || m.shown)::UUID
FROM fhir_staging.resource r
JOIN fhir_type t ON t.resource_type = r.resource_type
JOIN fhir_masked_id m ON m.id = fhir_own_id(r.id, r.full_url)
