-- The resources that the store ({store}) has by the UUIDs of references that the delivery itself does not explain: a Bundle gave
-- them their place in it as their id. Of several types none is meant.
INSERT INTO fhir_known_uuid
WITH asked AS (
    SELECT DISTINCT target[10:] AS uuid FROM fhir_link WHERE starts_with(target, 'urn:uuid:')
    EXCEPT
    SELECT id FROM fhir_resource WHERE id IS NOT NULL
    EXCEPT
    SELECT full_url[10:] FROM fhir_resource WHERE starts_with(full_url, 'urn:uuid:')
)
SELECT a.uuid, min(regexp_extract(t.name, '^fhir\.(.*)$', 1) || '/' || r.record_key)
FROM asked a
JOIN {store}harmonize.record r ON r.record_key = a.uuid AND r.is_current
JOIN {store}harmonize.submission s ON s.submission_id = r.submission_id AND ($project IS NULL OR s.project_id = $project)
JOIN {store}harmonize.record_type t ON t.record_type = r.record_type AND starts_with(t.name, 'fhir.')
GROUP BY a.uuid
HAVING min(t.name) = max(t.name)
